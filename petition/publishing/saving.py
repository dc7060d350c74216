"""Writing a campaign as the folder from which it could have been loaded."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select

import petition.campaigns.drafts as campaign_drafts
import petition.campaigns.event_drafts as event_drafts
import petition.campaigns.report_drafts as report_drafts
import petition.gaps.drafts as gap_drafts
import petition.letters.campaigns.drafts as letter_drafts
import petition.petitions.drafts as petition_drafts
import petition.recipients.drafts as recipient_drafts
from petition.campaigns.events import Event
from petition.campaigns.models import Campaign
from petition.campaigns.reports import Report
from petition.core.errors import DomainError
from petition.core.storage.database import session
from petition.letters.campaigns.models import LetterCampaign
from petition.petitions.models import Petition
from petition.publishing.folder import RecipientsDraft
from petition.publishing.toml_text import write_draft
from petition.recipients.models import Recipient


class CannotBeSaved(DomainError):
    """There is no such campaign, or two of its files would have one name."""


def save_campaign(slug: str) -> dict[str, bytes]:
    """Return the files of a campaign's folder by their names; a load of them changes nothing.

    Raises CannotBeSaved.
    """
    campaign = session.scalar(select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        known = ", ".join(session.scalars(select(Campaign.slug).order_by(Campaign.slug)))
        raise CannotBeSaved(f"There is no campaign “{slug}”. There is: {known or 'none'}.")
    petitions = _of(Petition, campaign)
    letters = _of(LetterCampaign, campaign)
    files: dict[str, bytes] = {}
    _add(files, "campaign", campaign_drafts.draft_of(campaign))
    _add(files, "recipients", _recipients(campaign, [*petitions, *letters]))
    if campaign.partners:
        _add(files, "partners", campaign_drafts.partners_of(campaign))
    _add_each(files, "gaps", campaign.gaps, gap_drafts.draft_of)
    _add_each(files, "petitions", petitions, petition_drafts.draft_of)
    _add_each(files, "letters", letters, letter_drafts.draft_of)
    _add_each(files, "events", _of(Event, campaign), event_drafts.draft_of)
    _add_each(files, "reports", _of(Report, campaign), report_drafts.draft_of)
    return files


def write_files(files: dict[str, bytes], folder: Path) -> None:
    """Write files into a folder, which may have nothing in it. Raises CannotBeSaved."""
    if folder.exists() and any(folder.iterdir()):
        raise CannotBeSaved(f"{folder} is not empty; name a folder that is new.")
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _of(model: Any, campaign: Campaign) -> list[Any]:
    statement = select(model).where(model.campaign_id == campaign.id).order_by(model.id)
    return list(session.scalars(statement))


def _recipients(campaign: Campaign, asking: Iterable[Any]) -> RecipientsDraft:
    """Return the offices that are a campaign's, and those that it addresses."""
    named = {office.recipient_id for one in asking for office in one.version.recipients}
    wanted = or_(Recipient.campaign_id == campaign.id, Recipient.id.in_(named))
    offices = session.scalars(select(Recipient).where(wanted).order_by(Recipient.id))
    return RecipientsDraft(tuple(recipient_drafts.draft_of(office) for office in offices))


def _add_each(
    files: dict[str, bytes], room: str, records: Iterable[Any], draft_of: Callable[[Any], Any]
) -> None:
    for record in records:
        _add(files, f"{room}/{record.slug}", draft_of(record))


def _add(files: dict[str, bytes], name: str, draft: Any) -> None:
    room, _, stem = name.rpartition("/")
    written = write_draft(draft, stem)
    beside = {f"{room}/{file}".lstrip("/"): text for file, text in written.files.items()}
    for file, content in {f"{name}.toml": written.text.encode(), **beside}.items():
        if files.setdefault(file, content) != content:
            raise CannotBeSaved(f"{file}: two different files have this name.")
