"""Load petitions from the folder `petitions/` of a campaign; what changed makes a new version."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from petition.campaigns.models import Campaign
from petition.core.folder import CampaignFolderError, Document, Words, read_each
from petition.core.i18n import translations
from petition.core.storage.database import session
from petition.gaps.kinds import GapKind
from petition.gaps.loading import gap_named
from petition.gaps.models import Gap
from petition.petitions.models import Petition, PetitionText, PetitionVersion, VersionRecipient
from petition.petitions.origins import OriginRefused, read_origin
from petition.recipients.models import Recipient


@dataclass(frozen=True, slots=True)
class Known:
    """What the petitions and letters of a folder can name."""

    campaign: Campaign
    recipients: dict[str, Recipient]
    gaps: dict[str, Gap]


def load_petitions(folder: Path, known: Known, at: datetime) -> dict[str, bool]:
    """Bring the petitions in line with the folder; return their slugs, true for a new version.

    Raises CampaignFolderError.
    """
    fresh = dict(read_each(folder, lambda document: _load_petition(document, known, at)))
    _see_that_none_is_missing(known.campaign, set(fresh))
    return fresh


def _see_that_none_is_missing(campaign: Campaign, slugs: set[str]) -> None:
    petitions = session.scalars(select(Petition.slug).where(Petition.campaign_id == campaign.id))
    missing = sorted(set(petitions) - slugs)
    if missing:
        raise CampaignFolderError(
            f"petitions: the petition “{missing[0]}” is missing. What people may have signed stays "
            "to be read: give it “closes_on” to end it."
        )


def _load_petition(document: Document, known: Known, at: datetime) -> tuple[str, bool]:
    """Return the petition's slug, and whether it has a new version."""
    slug = document.slug()
    petition = session.scalar(select(Petition).where(Petition.slug == slug))
    petition = petition or Petition(slug=slug)
    document.own(slug, petition.campaign_id, known.campaign.id)
    petition.campaign = known.campaign
    petition.kind = document.choice("kind", GapKind)
    petition.gap = gap_named(document, document.get("gap", str), known.gaps)
    petition.routes_by_area = document.get("routes_by_area", bool) or False
    petition.opens_on = document.day("opens_on")
    petition.closes_on = document.day("closes_on") if "closes_on" in document.values else None
    petition.embed_origins = _origins(document)
    session.add(petition)
    session.flush()
    words = document.words(longest_summary=400)
    return slug, publish(petition, words, addressed(document, known), at)


def _origins(document: Document) -> list[str]:
    try:
        return list(dict.fromkeys(map(read_origin, document.strings("embed_origins"))))
    except OriginRefused as fault:
        raise document.mistake(f"“embed_origins”: {fault}") from None


def addressed(document: Document, known: Known) -> list[Recipient]:
    """Return the recipients that a document names. Raises CampaignFolderError."""
    slugs = document.strings("recipients")
    unknown = [slug for slug in slugs if slug not in known.recipients]
    if unknown:
        raise document.mistake(f"no recipient “{unknown[0]}” in recipients.toml.")
    if not slugs:
        raise document.mistake("“recipients” is missing or empty.")
    return [known.recipients[slug] for slug in dict.fromkeys(slugs)]


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
    for position, recipient in enumerate(recipients):
        session.add(
            VersionRecipient(
                version_id=version.id,
                recipient_id=recipient.id,
                position=position,
                office=recipient.office,
                jurisdiction=recipient.jurisdiction,
            )
        )
    session.flush()
    session.expire(version, ["recipients"])
    return True


def _says(
    version: PetitionVersion, wanted: list[tuple[Words, str]], recipients: list[Recipient]
) -> bool:
    present = {(t.language, t.title, t.summary, t.body, t.mail_question) for t in version.texts}
    words = {(w.language, w.title, w.summary, w.body, question) for w, question in wanted}
    named = len(version.recipients) == len(recipients) and all(
        one.names(recipient) for one, recipient in zip(version.recipients, recipients, strict=True)
    )
    return present == words and named


def mail_question(organisation: str, language: str) -> str:
    """Return the consent question that supporters are asked in `language`."""
    question = translations(language).gettext("May %(organisation)s e-mail you?")
    return question % {"organisation": organisation}
