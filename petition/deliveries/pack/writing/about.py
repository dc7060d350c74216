"""What the papers of a pack speak about: who hands what to whom, in the language of the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from babel.support import NullTranslations

from petition.core.i18n import (
    date_in_words,
    direction_of,
    listed,
    text_direction,
    translations,
    words_for,
    writing_locale,
)
from petition.core.printing.typesetting import typeset_apart
from petition.core.storage.database import session
from petition.deliveries.models import Delivery
from petition.deliveries.pack.manifest import Profile
from petition.deliveries.pack.minisign import PublicKey
from petition.deliveries.pack.models import DeliveryPack, OwnWords
from petition.deliveries.pack.packing import Pieces
from petition.deliveries.pack.records import Tier
from petition.recipients.models import Paper, Recipient

PAPERS = {Paper.A4: "a4", Paper.LETTER: "us-letter"}
MOST_LINES = 6
"""Of what somebody typed, in a letter of one page."""
ON_LETTER = {"CA", "US"}
"""Where an office that takes no letters from us uses Letter paper all the same."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where packs are offered, and can be checked."""

    name: str
    url: str
    """Without a slash at its end."""


@dataclass(frozen=True, slots=True)
class About:
    """Who hands what to whom. Nothing in it touches the database."""

    language: str
    """The first of the office's that we speak, or English."""
    site: Site
    organisation: str
    contact: str
    title: dict[str, str]
    """The petition's, as `in_its_language` returns it."""
    summary: dict[str, str]
    office: str
    country: str
    address: tuple[str, ...]
    salutation: str
    close: str
    paper: str
    answer_days: int
    profile: Profile
    tier: Tier
    asks_for_areas: bool
    own: OwnWords
    key: PublicKey

    @property
    def direction(self) -> str:
        """In which its words run."""
        return text_direction(self.language)

    @property
    def speech(self) -> NullTranslations:
        """What says words in the language of the office."""
        return translations(self.language)

    def count(self, number: int) -> str:
        """Return a number as the office writes it."""
        return str(format_decimal(number, locale=writing_locale(self.language)))

    def day(self, day: date) -> str:
        """Return a day in words."""
        return date_in_words(day, writing_locale(self.language))

    def until(self, moment: datetime) -> str:
        """Return up to when signatures count: a whole day in UTC, or a moment of one."""
        last = (moment - timedelta(microseconds=1)).astimezone(UTC)
        is_whole = moment.astimezone(UTC).time() == time()
        hour = None if is_whole else f"{moment.astimezone(UTC):%H:%M}"
        return listed([self.day(last.date()), hour], self.language)

    def apart(self, words: str) -> str:
        """Return what reads from left to right, as it stands among the words of the office."""
        if self.direction == "ltr":
            return words
        return f"\N{LEFT-TO-RIGHT ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"

    @property
    def checking_url(self) -> str:
        """The page on which one checks a pack."""
        return f"{self.site.url}/{self.language}/deliveries/verify"


def about(pack: DeliveryPack, site: Site, key: PublicKey) -> About:
    """Return what the papers of a pack speak about."""
    delivery = pack.delivery
    recipient = session.get_one(Recipient, delivery.recipient_id)
    language = recipient.language
    text, campaign = delivery.petition.version.text_in(language), delivery.petition.campaign
    room = recipient.mailroom
    return About(
        language=language,
        site=site,
        organisation=campaign.organisation,
        contact=campaign.contact,
        title=in_its_language(text.title, text.language),
        summary=in_its_language(text.summary, text.language),
        office=delivery.office_in(language),
        country=str(Locale.parse(language).territories[delivery.jurisdiction]),
        address=_address(recipient, delivery, language),
        salutation=words_for(language, room.salutation) if room else "",
        close=words_for(language, room.close) if room else "",
        paper=PAPERS[_paper(recipient)],
        answer_days=delivery.answer_days,
        profile=pack.profile,
        tier=pack.tier,
        asks_for_areas=delivery.petition.routes_by_area,
        own=pack.own_words,
        key=key,
    )


def language_of_papers(delivery: Delivery) -> str:
    """Return in which language the papers of a delivery's packs are."""
    return session.get_one(Recipient, delivery.recipient_id).language


def in_its_language(text: str, language: str) -> dict[str, str]:
    """Return words as a template sets them that may be of another language than those around."""
    return {"text": text, "lang": language, "dir": text_direction(language)}


def as_written(text: str, language: str) -> dict[str, Any]:
    """Return what somebody typed as a template sets it: in some lines, as its first letter runs."""
    lines = [said for line in text.splitlines() if (said := " ".join(line.split()))]
    few = [*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])]
    return {"lines": [line for line in few if line], "lang": language, "dir": direction_of(text)}


def short_paper(template: str, data: Mapping[str, Any]) -> Pieces:
    """Return a paper that is set when it is first read, and kept: it is read twice."""
    made: list[bytes] = []

    def pieces() -> list[bytes]:
        if not made:
            made.append(typeset_apart(template, data))
        return made

    return pieces


def _address(recipient: Recipient, delivery: Delivery, language: str) -> tuple[str, ...]:
    room = recipient.mailroom
    lines = [line.strip() for line in ((room and room.address) or "").splitlines() if line.strip()]
    return tuple(lines or [delivery.office_in(language)])


def _paper(recipient: Recipient) -> Paper:
    if recipient.mailroom:
        return recipient.mailroom.paper
    return Paper.LETTER if recipient.jurisdiction in ON_LETTER else Paper.A4
