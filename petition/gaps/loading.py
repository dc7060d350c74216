"""Load gaps from the folder `gaps/` of a campaign."""

from pathlib import Path

from sqlalchemy import select

from petition.core.folder import Document, read_each
from petition.core.storage.database import session
from petition.gaps.kinds import GapKind
from petition.gaps.models import Gap, GapAsk, GapStatus, GapText, Standing
from petition.recipients.jurisdictions import Jurisdiction


def load_gaps(folder: Path) -> dict[str, Gap]:
    """Bring the gaps in line with the folder; return those in it, by slug.

    Raises CampaignFolderError.
    """
    return {gap.slug: gap for gap in read_each(folder, _load)}


def gap_named(document: Document, slug: str | None, gaps: dict[str, Gap]) -> Gap | None:
    """Return the gap that a document names, if it names one. Raises CampaignFolderError."""
    if slug is not None and slug not in gaps:
        raise document.mistake(f"no gap “{slug}” in the folder gaps.")
    return gaps[slug] if slug is not None else None


def _load(document: Document) -> Gap:
    slug = document.slug()
    gap = session.scalar(select(Gap).where(Gap.slug == slug)) or Gap(slug=slug)
    number = document.need("number", int)
    taken = session.scalar(select(Gap.slug).where(Gap.number == number, Gap.slug != slug))
    if taken is not None or number < 1:
        raise document.mistake(f"number {number} is that of “{taken or 'nothing'}” already.")
    gap.number = number
    gap.kind = document.choice("kind", GapKind)
    session.add(gap)
    session.flush()
    gap.texts, gap.asks, gap.standings = [], [], []
    session.flush()
    gap.texts = [
        GapText(language=w.language, title=w.title, summary=w.summary, body=w.body)
        for w in document.words()
    ]
    gap.asks = [
        GapAsk(
            jurisdiction=ask.choice("jurisdiction", Jurisdiction), words=ask.by_language("words")
        )
        for ask in document.tables("ask")
    ]
    gap.standings = sorted(
        (_standing(table) for table in document.tables("standing")), key=lambda one: one.as_of
    )
    document.distinct("ask", ((one.jurisdiction,) for one in gap.asks))
    document.distinct("standing", ((one.jurisdiction, one.as_of) for one in gap.standings))
    session.flush()
    return gap


def _standing(table: Document) -> Standing:
    return Standing(
        jurisdiction=table.choice("jurisdiction", Jurisdiction),
        status=table.choice("status", GapStatus),
        as_of=table.day("as_of"),
        source=table.text("source", most=300),
        source_url=table.address("source_url"),
        because=table.by_language("because"),
    )
