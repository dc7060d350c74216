"""Publishing a campaign's folder, all of it or nothing. Loading again changes what changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, or_, select, update

import petition.campaigns.event_publishing as events
import petition.campaigns.publishing as campaigns
import petition.campaigns.report_publishing as reports
import petition.gaps.publishing as gaps
import petition.letters.campaigns.publishing as letters
import petition.petitions.publishing as petitions
import petition.recipients.publishing as recipients
from petition.campaigns.drafts import PartnersDraft
from petition.campaigns.events import Event
from petition.campaigns.models import Campaign, campaign_gap
from petition.campaigns.publishing import Known
from petition.campaigns.reports import report_gap
from petition.campaigns.withdrawing import languages_gone, withdraw_events, withdraw_reports
from petition.core.errors import DomainError
from petition.core.storage.database import session
from petition.gaps.models import Gap
from petition.letters.campaigns.models import LetterCampaign
from petition.petitions.models import Petition
from petition.publishing.checking import check_folder
from petition.publishing.folder import Folder, read_folder
from petition.recipients.models import Recipient


class FolderRefused(DomainError):
    """A folder has problems; the message has a line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SharedRefused(FolderRefused):
    """A folder would change what other campaigns rely on, and nobody has agreed to that."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    campaign: str
    petitions: int
    letter_campaigns: int
    new_versions: int
    removed: list[str]
    """Words for each thing that has gone with its file."""


def load_campaign(folder: Path, at: datetime) -> Loaded:
    """Read a folder and publish it. Raises FolderRefused."""
    return publish_folder(read_folder(folder), at)


def publish_folder(folder: Folder, at: datetime, agreed: Collection[str] = ()) -> Loaded:
    """Bring the database in line with a folder; a changed text makes a new version.

    `agreed` are the changes of what other campaigns rely on that somebody has read and wants.
    Raises FolderRefused, before anything is written; SharedRefused where only those keep it out.
    """
    found = check_folder(folder, at)
    unread = [change for change in found.shared if change not in agreed]
    if found.problems:
        raise FolderRefused(found.problems)
    if unread:
        raise SharedRefused(unread)
    return _publish(folder, at)


def _publish(folder: Folder, at: datetime) -> Loaded:
    [document] = folder.campaign.documents
    untranslated = languages_gone(document.draft.slug, set(document.draft.text))
    campaign = campaigns.publish(document.draft)
    partners = [one.draft for one in folder.partners.documents] or [PartnersDraft()]
    campaigns.publish_partners(partners[0], campaign)
    for office in folder.recipients.documents[0].draft.recipients:
        recipients.publish(office, at.date(), campaign.id)
    held = {one.draft.slug: gaps.publish(one.draft, campaign.id) for one in folder.gaps.documents}
    campaigns.hold_gaps(campaign, held)
    offices = {one.slug: one for one in session.scalars(select(Recipient))}
    known = Known(campaign, offices, held)
    asked = [petitions.publish(one.draft, known, at) for one in folder.petitions.documents]
    written = [letters.publish(one.draft, known, at) for one in folder.letters.documents]
    for event in folder.events.documents:
        events.publish(event.draft, campaign, held, at)
    for report in folder.reports.documents:
        reports.publish(report.draft, campaign, held)
    return Loaded(
        campaign=campaign.slug,
        petitions=len(asked),
        letter_campaigns=len(written),
        new_versions=sum(asked) + sum(written),
        removed=[*untranslated, *_withdraw(folder, campaign, at)],
    )


def _withdraw(folder: Folder, campaign: Campaign, at: datetime) -> list[str]:
    """Take out what has gone from the folder; return words for each thing."""
    return [
        *withdraw_events(campaign, {one.draft.slug for one in folder.events.documents}, at),
        *withdraw_reports(campaign, {one.draft.slug for one in folder.reports.documents}),
        *_forget_gaps(campaign, {one.draft.slug for one in folder.gaps.documents}),
    ]


def _forget_gaps(campaign: Campaign, kept: set[str]) -> list[str]:
    """Take out a campaign's gaps that none holds any more and nothing else is about.

    One that another campaign still has is this one's no more, and becomes that one's whose folder
    brings it next.
    """
    gone = session.scalars(
        select(Gap).where(
            or_(Gap.campaign_id == campaign.id, Gap.campaign_id.is_(None)),
            ~exists().where(campaign_gap.c.gap_id == Gap.id),
            ~exists().where(report_gap.c.gap_id == Gap.id),
            ~exists().where(Event.gap_id == Gap.id),
            ~exists().where(Petition.gap_id == Gap.id),
            ~exists().where(LetterCampaign.gap_id == Gap.id),
        )
    ).all()
    for gap in gone:
        session.delete(gap)
    session.flush()
    mine = update(Gap).where(Gap.campaign_id == campaign.id, Gap.slug.not_in(kept))
    session.execute(mine.values(campaign_id=None))
    return [f"the gap “{gap.slug}”" for gap in gone]
