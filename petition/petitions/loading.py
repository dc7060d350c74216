"""Load a campaign's folder of TOML and Markdown. Loading again changes only what changed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, select

from petition.campaigns.events import Event
from petition.campaigns.loading import load_campaign as load_campaign_itself
from petition.campaigns.models import Campaign, campaign_gap
from petition.campaigns.reports import report_gap
from petition.core.database import session
from petition.core.folder import CampaignFolderError, Document, Words, read_each
from petition.core.i18n import translations
from petition.gaps.kinds import GapKind
from petition.gaps.loading import gap_named, load_gaps
from petition.gaps.models import Gap
from petition.petitions.models import Petition, PetitionText, PetitionVersion, VersionRecipient
from petition.petitions.origins import OriginRefused, read_origin
from petition.recipients.loading import load_recipients
from petition.recipients.models import Recipient


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    campaign: str
    petitions: int
    new_versions: int
    removed: list[str]
    """Words for each thing that has gone with its file."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the petitions of a folder can name."""

    campaign: Campaign
    recipients: dict[str, Recipient]
    gaps: dict[str, Gap]


def load_campaign(folder: Path, at: datetime) -> Loaded:
    """Bring the database in line with `folder`; a changed text makes a new petition version.

    Raises CampaignFolderError.
    """
    recipients = load_recipients(folder / "recipients.toml")
    gaps = load_gaps(folder / "gaps")
    loaded = load_campaign_itself(folder, gaps, at)
    known = Known(loaded.campaign, recipients, gaps)
    fresh = dict(
        read_each(folder / "petitions", lambda document: _load_petition(document, known, at))
    )
    _see_that_none_is_missing(loaded.campaign, set(fresh))
    removed = [*loaded.removed, *_forget_gaps()]
    return Loaded(loaded.campaign.slug, len(fresh), sum(fresh.values()), removed)


def _see_that_none_is_missing(campaign: Campaign, slugs: set[str]) -> None:
    petitions = session.scalars(select(Petition.slug).where(Petition.campaign_id == campaign.id))
    missing = sorted(set(petitions) - slugs)
    if missing:
        raise CampaignFolderError(
            f"petitions: the petition “{missing[0]}” is missing. What people may have signed stays "
            "to be read: give it “closes_on” to end it."
        )


def _forget_gaps() -> list[str]:
    """Take the gaps out that no campaign holds any more and nothing else is about."""
    gone = session.scalars(
        select(Gap).where(
            ~exists().where(campaign_gap.c.gap_id == Gap.id),
            ~exists().where(report_gap.c.gap_id == Gap.id),
            ~exists().where(Event.gap_id == Gap.id),
            ~exists().where(Petition.gap_id == Gap.id),
        )
    ).all()
    for gap in gone:
        session.delete(gap)
    session.flush()
    return [f"the gap “{gap.slug}”" for gap in gone]


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
    return slug, publish(petition, words, _addressed(document, known), at)


def _origins(document: Document) -> list[str]:
    try:
        return list(dict.fromkeys(map(read_origin, document.strings("embed_origins"))))
    except OriginRefused as fault:
        raise document.mistake(f"“embed_origins”: {fault}") from None


def _addressed(document: Document, known: Known) -> list[Recipient]:
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
