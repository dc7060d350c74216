"""Reads of campaigns."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from petition.campaigns.models import Campaign
from petition.core.database import session


def present_campaign(today: date) -> Campaign | None:
    """Return the campaign that runs today, else the next one, else the last one."""
    campaigns = session.scalars(select(Campaign).options(selectinload(Campaign.texts))).all()
    running_or_next = [c for c in campaigns if c.ends_on >= today]
    if running_or_next:
        return min(running_or_next, key=lambda c: c.starts_on)
    return max(campaigns, key=lambda c: c.ends_on, default=None)
