"""What has gone from a campaign's folder goes from the site, unless people rely on it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from petition.campaigns.events import Event
from petition.campaigns.models import Campaign
from petition.campaigns.reports import Report
from petition.core.folder import CampaignFolderError
from petition.core.storage.database import session


def withdraw_texts(campaign: Campaign, kept: set[str]) -> list[str]:
    """Take a campaign's texts out whose languages are not `kept`; return words for each."""
    gone = [text for text in campaign.texts if text.language not in kept]
    for text in gone:
        campaign.texts.remove(text)
    session.flush()
    return [f"the campaign's text in “{text.language}”" for text in gone]


def withdraw_reports(campaign: Campaign, kept: set[str]) -> list[str]:
    """Take a campaign's reports out whose slugs are not `kept`, files included."""
    reports = session.scalars(select(Report).where(Report.campaign_id == campaign.id))
    return _withdraw("report", [report for report in reports if report.slug not in kept])


def withdraw_events(campaign: Campaign, kept: set[str], at: datetime) -> list[str]:
    """Take a campaign's events out that are not `kept`, once they are cancelled or over.

    Raises CampaignFolderError for one that calendars still announce.
    """
    events = session.scalars(select(Event).where(Event.campaign_id == campaign.id))
    gone = [event for event in events if event.slug not in kept]
    for event in gone:
        if not event.is_cancelled and not event.is_past(at):
            raise CampaignFolderError(
                f"events: the event “{event.slug}” is missing. Calendars announce it still: load "
                "it once with state = “cancelled”, then its file may go."
            )
    return _withdraw("event", gone)


def _withdraw(noun: str, gone: Sequence[Report | Event]) -> list[str]:
    """Take these out; return words for each."""
    for one in gone:
        session.delete(one)
    session.flush()
    return [f"the {noun} “{one.slug}”" for one in gone]
