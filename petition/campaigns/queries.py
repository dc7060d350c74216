"""Reads of campaigns."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from petition.campaigns.models import Campaign
from petition.core.storage.database import session
from petition.gaps.queries import WHOLE

ANNOUNCED = timedelta(days=7)
"""How long before its first day a campaign takes the place of the last one."""
_whole = (
    selectinload(Campaign.texts),
    selectinload(Campaign.gaps).options(*WHOLE),
    selectinload(Campaign.partners),
    selectinload(Campaign.days),
)


def present_campaign(today: date) -> Campaign | None:
    """Return the campaign that runs today or begins within a week.

    Else the last one, which stays to be read; where there was none yet, the next one.
    """
    campaigns = session.scalars(select(Campaign).options(*_whole)).all()
    begun = [c for c in campaigns if c.starts_on - ANNOUNCED <= today]
    if begun:
        return max(begun, key=lambda c: (c.starts_on, c.id))
    return min(campaigns, key=lambda c: (c.starts_on, c.id), default=None)


def next_campaign(after: date) -> Campaign | None:
    """Return the first campaign that begins after a day."""
    found = select(Campaign).where(Campaign.starts_on > after).order_by(Campaign.starts_on)
    return session.scalars(found.limit(1)).first()
