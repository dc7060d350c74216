"""Load letter campaigns from the folder `letters/` of a campaign; changes make new versions."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from petition.core.folder import CampaignFolderError, Document, read_each
from petition.core.storage.database import session
from petition.gaps.loading import gap_named
from petition.letters.campaigns.models import (
    ANY_JURISDICTION,
    REASONS_OFFERED,
    LetterCampaign,
    LetterRecipient,
    LetterText,
    LetterVersion,
)
from petition.petitions.loading import Known, addressed
from petition.recipients.jurisdictions import Jurisdiction
from petition.recipients.models import Recipient


def load_letter_campaigns(folder: Path, known: Known, at: datetime) -> dict[str, bool]:
    """Bring the letter campaigns in line; return their slugs, true for a new version.

    Raises CampaignFolderError.
    """
    fresh = dict(read_each(folder, lambda document: _load(document, known, at)))
    here = select(LetterCampaign.slug).where(LetterCampaign.campaign_id == known.campaign.id)
    missing = sorted(set(session.scalars(here)) - set(fresh))
    if missing:
        raise CampaignFolderError(
            f"letters: the letter campaign “{missing[0]}” is missing. People may have written: "
            "give it “closes_on” to end it."
        )
    return fresh


def _load(document: Document, known: Known, at: datetime) -> tuple[str, bool]:
    slug = document.slug()
    found = session.scalar(select(LetterCampaign).where(LetterCampaign.slug == slug))
    one = found or LetterCampaign(slug=slug)
    document.own(slug, one.campaign_id, known.campaign.id)
    one.campaign = known.campaign
    gap = gap_named(document, document.need("gap", str), known.gaps)
    if gap is not None:
        one.gap = gap
    one.opens_on = document.day("opens_on")
    one.closes_on = document.day("closes_on") if "closes_on" in document.values else None
    session.add(one)
    session.flush()
    texts = [_text(language, table) for language, table in document.texts()]
    return slug, _publish(one, texts, addressed(document, known), at)


def _text(language: str, table: Document) -> LetterText:
    reasons = [
        {"label": reason.text("label", most=120), "prompt": reason.text("prompt", most=200)}
        for reason in table.tables("reason")
    ]
    if not 1 <= len(reasons) <= REASONS_OFFERED:
        raise table.mistake(f"[text.{language}] needs one to {REASONS_OFFERED} reasons.")
    subject = table.text("subject", most=150)
    if len(subject.splitlines()) != 1:
        raise table.mistake(f"[text.{language}] needs a “subject” of one line.")
    return LetterText(
        language=language,
        title=table.text("title"),
        summary=table.text("summary", most=400),
        subject=subject,
        opening=table.text("opening", most=1000),
        facts=table.text("facts", most=3000),
        asks=_asks(language, table),
        reasons=reasons,
    )


def _asks(language: str, table: Document) -> dict[str, str]:
    asks = table.need("ask", dict)
    known = {ANY_JURISDICTION, *Jurisdiction}
    if ANY_JURISDICTION not in asks or not set(asks) <= known:
        raise table.mistake(
            f"[text.{language}.ask] needs “any”, and may have one for {', '.join(Jurisdiction)}."
        )
    document = Document(table.file, asks)
    return {jurisdiction: document.text(jurisdiction, most=1000) for jurisdiction in asks}


def _publish(
    letter_campaign: LetterCampaign,
    texts: list[LetterText],
    recipients: list[Recipient],
    at: datetime,
) -> bool:
    """Make this the present version; false when it says just that already."""
    before = letter_campaign.versions[-1] if letter_campaign.versions else None
    if before is not None and _says(before, texts, recipients):
        return False
    version = LetterVersion(
        letter_campaign=letter_campaign,
        number=len(letter_campaign.versions) + 1,
        published_at=at,
    )
    session.add(version)
    session.flush()
    for position, recipient in enumerate(recipients):
        session.add(
            LetterRecipient(version_id=version.id, recipient_id=recipient.id, position=position)
        )
    session.flush()  # a version without texts has no letters, so that its guard looks for none
    for text in texts:
        text.letter_campaign_id, text.version = letter_campaign.id, version
        session.add(text)
    session.flush()
    session.expire(version)
    return True


def _says(version: LetterVersion, texts: list[LetterText], recipients: list[Recipient]) -> bool:
    present = {text.language: _words(text) for text in version.texts}
    wanted = {text.language: _words(text) for text in texts}
    there = [one.recipient_id for one in version.recipients]
    return present == wanted and there == [recipient.id for recipient in recipients]


def _words(text: LetterText) -> tuple[object, ...]:
    fixed = (text.title, text.summary, text.subject, text.opening, text.facts)
    return (*fixed, text.asks, text.reasons)
