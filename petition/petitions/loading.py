"""Load a campaign from a folder of TOML and Markdown. Loading again changes only what changed."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from petition.campaigns.models import Campaign, CampaignText
from petition.core.database import session
from petition.core.errors import DomainError
from petition.core.i18n import translations
from petition.gaps.kinds import GapKind
from petition.petitions.models import Petition, PetitionText, PetitionVersion, version_recipient
from petition.petitions.origins import OriginRefused, read_origin
from petition.recipients.models import Recipient


class CampaignFolderError(DomainError):
    """A file of the folder is missing or wrong; the message names the file and the cause."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    campaign: str
    petitions: int
    new_versions: int


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a campaign or petition in one language, as its files give it."""

    language: str
    title: str
    summary: str
    body: str


def load_campaign(folder: Path, at: datetime) -> Loaded:
    """Bring the database in line with `folder`; a changed text makes a new petition version.

    Raises CampaignFolderError.
    """
    recipients = _load_recipients(folder / "recipients.toml")
    campaign = _load_campaign(folder)
    files = sorted((folder / "petitions").glob("*.toml"))
    fresh = sum(_load_petition(file, campaign, recipients, at) for file in files)
    return Loaded(campaign.slug, len(files), fresh)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise CampaignFolderError(f"{file.name} is missing.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise CampaignFolderError(f"{file.name}: {fault}") from None


def _need(document: dict[str, Any], key: str, kind: type, file: Path) -> Any:
    value = document.get(key)
    if not isinstance(value, kind):
        raise CampaignFolderError(f"{file.name}: “{key}” is missing or of the wrong kind.")
    return value


def _words(document: dict[str, Any], file: Path) -> list[Words]:
    words = []
    for language, text in _need(document, "text", dict, file).items():
        body = file.parent / _need(text, "body", str, file)
        if not body.is_file():
            raise CampaignFolderError(f"{file.name}: {body.name} is missing.")
        title, summary = _need(text, "title", str, file), _need(text, "summary", str, file)
        words.append(Words(language, title, summary, body.read_text("utf-8")))
    return words


def _load_recipients(file: Path) -> dict[str, Recipient]:
    known = {recipient.slug: recipient for recipient in session.scalars(select(Recipient))}
    for entry in _need(_read(file), "recipient", list, file):
        slug = _need(entry, "slug", str, file)
        recipient = known.setdefault(slug, Recipient(slug=slug))
        recipient.jurisdiction = _need(entry, "jurisdiction", str, file)
        recipient.office = _need(entry, "office", dict, file)
        recipient.holder = entry.get("holder")
        recipient.email = entry.get("email")
        recipient.languages = entry.get("languages", ["en"])
        session.add(recipient)
    session.flush()
    return known


def _load_campaign(folder: Path) -> Campaign:
    file = folder / "campaign.toml"
    document = _read(file)
    slug = _need(document, "slug", str, file)
    campaign = session.scalar(select(Campaign).where(Campaign.slug == slug))
    campaign = campaign or Campaign(slug=slug)
    organisation = _need(document, "organisation", dict, file)
    campaign.organisation = _need(organisation, "name", str, file)
    campaign.contact = _need(organisation, "contact", str, file)
    campaign.starts_on = _need(document, "starts_on", date, file)
    campaign.ends_on = _need(document, "ends_on", date, file)
    session.add(campaign)
    known = {text.language: text for text in campaign.texts}
    for words in _words(document, file):
        text = known.get(words.language)
        if text is None:
            text = CampaignText(language=words.language)
            campaign.texts.append(text)
        text.title, text.summary, text.body = words.title, words.summary, words.body
    session.flush()
    return campaign


def _load_petition(
    file: Path, campaign: Campaign, recipients: dict[str, Recipient], at: datetime
) -> bool:
    document = _read(file)
    slug = _need(document, "slug", str, file)
    petition = session.scalar(select(Petition).where(Petition.slug == slug))
    petition = petition or Petition(slug=slug)
    petition.campaign = campaign
    try:
        petition.kind = GapKind(_need(document, "kind", str, file))
    except ValueError:
        raise CampaignFolderError(f"{file.name}: there is no such kind of gap.") from None
    petition.routes_by_area = bool(document.get("routes_by_area", False))
    petition.opens_on = _need(document, "opens_on", date, file)
    petition.closes_on = document.get("closes_on")
    petition.embed_origins = _origins(document.get("embed_origins", []), file)
    session.add(petition)
    session.flush()
    addressed = _addressed(_need(document, "recipients", list, file), recipients, file)
    return publish(petition, _words(document, file), addressed, at)


def _origins(given: Any, file: Path) -> list[str]:
    if not isinstance(given, list):
        raise CampaignFolderError(f"{file.name}: “embed_origins” must be a list of origins.")
    try:
        return list(dict.fromkeys(read_origin(str(origin)) for origin in given))
    except OriginRefused as fault:
        raise CampaignFolderError(f"{file.name}: “embed_origins”: {fault}") from None


def _addressed(slugs: list[str], known: dict[str, Recipient], file: Path) -> list[Recipient]:
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        raise CampaignFolderError(f"{file.name}: no recipient “{unknown[0]}” in recipients.toml.")
    return [known[slug] for slug in dict.fromkeys(slugs)]


def publish(
    petition: Petition, words: list[Words], recipients: list[Recipient], at: datetime
) -> bool:
    """Make this the petition's present version; false when it says just that already."""
    wanted = [(w, mail_question(petition.campaign.organisation, w.language)) for w in words]
    if petition.versions and _says(petition.version, wanted, recipients):
        return False
    version = PetitionVersion(petition=petition, number=len(petition.versions) + 1, published_at=at)
    session.add(version)
    session.flush()
    for w, question in wanted:
        session.add(
            PetitionText(
                petition_id=petition.id,
                version=version,
                language=w.language,
                title=w.title,
                summary=w.summary,
                body=w.body,
                mail_question=question,
            )
        )
    addressed = [
        {"version_id": version.id, "recipient_id": recipient.id, "position": position}
        for position, recipient in enumerate(recipients)
    ]
    if addressed:
        session.execute(insert(version_recipient), addressed)
    session.flush()
    return True


def _says(
    version: PetitionVersion, wanted: list[tuple[Words, str]], recipients: list[Recipient]
) -> bool:
    present = {(t.language, t.title, t.summary, t.body, t.mail_question) for t in version.texts}
    words = {(w.language, w.title, w.summary, w.body, question) for w, question in wanted}
    return present == words and version.recipients == recipients


def mail_question(organisation: str, language: str) -> str:
    """Return the consent question that supporters are asked in `language`."""
    question = translations(language).gettext("May %(organisation)s e-mail you?")
    return question % {"organisation": organisation}
