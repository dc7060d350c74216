"""What has gone from a campaign's folder goes from the site, unless people rely on it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from petition.campaigns.events import Event
from petition.campaigns.models import Campaign, CampaignText
from petition.campaigns.reports import Report
from petition.core.storage.database import session


def languages_gone(slug: str, kept: set[str]) -> list[str]:
    """Return words for each text of a campaign that goes because its language is not `kept`."""
    there = session.scalars(
        select(CampaignText.language)
        .join(CampaignText.campaign)
        .where(Campaign.slug == slug)
        .order_by(CampaignText.id)
    )
    return [f"the campaign's text in “{language}”" for language in there if language not in kept]


def withdraw_reports(campaign: Campaign, kept: set[str]) -> list[str]:
    """Take a campaign's reports out whose slugs are not `kept`, files included."""
    reports = session.scalars(select(Report).where(Report.campaign_id == campaign.id))
    return _withdraw("report", [report for report in reports if report.slug not in kept])


def withdraw_events(campaign: Campaign, kept: set[str], at: datetime) -> list[str]:
    """Take a campaign's events out that are not `kept`, once they are cancelled or over."""
    announced = set(still_announced(campaign.id, at))
    events = session.scalars(select(Event).where(Event.campaign_id == campaign.id))
    return _withdraw("event", [e for e in events if e.slug not in kept | announced])


def still_announced(campaign_id: int, at: datetime) -> list[str]:
    """Return the slugs of the events that calendars announce, which may not go without a word."""
    events = session.scalars(select(Event).where(Event.campaign_id == campaign_id))
    return sorted(e.slug for e in events if not e.is_cancelled and not e.is_past(at))


def _withdraw(noun: str, gone: Sequence[Report | Event]) -> list[str]:
    """Take these out; return words for each."""
    for one in gone:
        session.delete(one)
    session.flush()
    return [f"the {noun} “{one.slug}”" for one in gone]
