"""A petition as one reader meets it: the present version in one language, all in one value."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from petition.core.i18n import text_direction
from petition.core.memory import Memory
from petition.core.storage.database import session
from petition.gaps.kinds import GapKind
from petition.petitions.markdown import to_html
from petition.petitions.models import Petition, PetitionText
from petition.petitions.queries import petition_by_slug, petitions_about, petitions_of
from petition.versions.models import OpensAndCloses

FRESH_SECONDS = 2.0
MOST_ASKS = 500


@dataclass(frozen=True, slots=True)
class AskedOffice:
    """An office that the petition is addressed to, in the reader's language."""

    office: str
    holder: str | None
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class AskedGap:
    """The gap that the petition asks to close, in the reader's language where it is written."""

    slug: str
    reference: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Ask(OpensAndCloses):
    """One text of a petition with all that its pages show; nothing in it touches the database."""

    petition_id: int
    text_id: int
    slug: str
    kind: GapKind
    gap: AskedGap | None
    language: str
    title: str
    summary: str
    body: Markup
    source: str
    """The Markdown of the body, for those who set it otherwise than in a page."""
    version: int
    published_at: datetime.datetime
    organisation: str
    contact: str
    mail_question: str
    recipients: tuple[AskedOffice, ...]
    routes_by_area: bool
    opens_on: datetime.date
    closes_on: datetime.date | None
    embed_origins: tuple[str, ...]

    @property
    def direction(self) -> str:
        """The text's direction, "ltr" or "rtl"."""
        return text_direction(self.language)


def ask_of(petition: Petition, language: str) -> Ask:
    """Return `petition` as somebody who reads `language` meets it."""
    return ask_of_text(petition.version.text_in(language), language)


def ask_of_text(text: PetitionText, language: str) -> Ask:
    """Return the petition as this text has it, its offices named in `language`."""
    version, petition = text.version, text.version.petition
    return Ask(
        petition_id=petition.id,
        text_id=text.id,
        slug=petition.slug,
        kind=petition.kind,
        gap=_gap_of(petition, language),
        language=text.language,
        title=text.title,
        summary=text.summary,
        body=to_html(text.body),
        source=text.body,
        version=version.number,
        published_at=version.published_at,
        organisation=petition.campaign.organisation,
        contact=petition.campaign.contact,
        mail_question=text.mail_question,
        recipients=tuple(
            AskedOffice(r.office_in(language), r.recipient.holder, r.jurisdiction)
            for r in version.recipients
        ),
        routes_by_area=petition.routes_by_area,
        opens_on=petition.opens_on,
        closes_on=petition.closes_on,
        embed_origins=tuple(petition.embed_origins),
    )


def _gap_of(petition: Petition, language: str) -> AskedGap | None:
    gap = petition.gap
    if gap is None or not gap.texts:
        return None
    text = gap.text_in(language)
    return AskedGap(gap.slug, gap.reference, text.title, text.language)


_recent: Memory[tuple[str | int, str], Ask | None] = Memory(FRESH_SECONDS, MOST_ASKS)
_lists: Memory[tuple[str, int, str], tuple[Ask, ...]] = Memory(FRESH_SECONDS, MOST_ASKS)


def find_ask(slug: str, language: str) -> Ask | None:
    """Return the petition at `slug`, or None; at most two seconds old.

    Every signature needs it and it hardly ever changes. A version published in those seconds
    does no harm: the form names the text that its reader saw, and that text is what is signed.
    """

    def read() -> Ask | None:
        petition = petition_by_slug(slug)
        return ask_of(petition, language) if petition and petition.versions else None

    return _recent.at((slug, language), read)


def ask_as_signed(text_id: int, language: str) -> Ask:
    """Return the petition as a text that was signed has it; at most two seconds old."""
    found = _recent.at(
        (text_id, language), lambda: ask_of_text(session.get_one(PetitionText, text_id), language)
    )
    assert found is not None
    return found


def asks_of(campaign_id: int, language: str) -> tuple[Ask, ...]:
    """Return the petitions of a campaign that can be read, in their order; like `find_ask`."""
    return _lists.at(
        ("campaign", campaign_id, language), lambda: _readable(petitions_of(campaign_id), language)
    )


def asks_about(gap_id: int, language: str) -> tuple[Ask, ...]:
    """Return the petitions about a gap that can be read, in their order; like `find_ask`."""
    return _lists.at(
        ("gap", gap_id, language), lambda: _readable(petitions_about(gap_id), language)
    )


def _readable(petitions: Iterable[Petition], language: str) -> tuple[Ask, ...]:
    return tuple(ask_of(petition, language) for petition in petitions if petition.versions)
