"""How letters stand: how many wait, left or came back, and what their writers say since."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from petition.core.storage.database import session
from petition.core.storage.paging import PAGE_ROWS, Cursor, Page, PageRequest, page_of
from petition.letters.campaigns.models import LetterRecipient, LetterText
from petition.letters.campaigns.queries import names_it
from petition.letters.desk.models import Figure, LetterTally
from petition.letters.desk.tally import LEDGER
from petition.letters.drafting.own_words import OwnWords
from petition.letters.letter.models import Answer, Letter
from petition.recipients.models import Recipient
from petition.versions.models import Office

WAITING = (Figure.UNMAILED, Figure.ON_HOLD, Figure.UNKNOWN, Figure.FAILED)
"""What waits for a person."""
_tally = LEDGER.up_to_now(LetterTally)


class Count(StrEnum):
    """One of the numbers that say how letters stand."""

    AWAITING = "awaiting"
    QUEUED = "queued"
    """With those that are being sent this moment, without those on hold."""
    ON_HOLD = "on_hold"
    """With those of which nobody is mailed before a moderator has accepted them."""
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STOPPED = "stopped"
    SENT_ELSEWHERE = "sent_elsewhere"
    """Sent another way, as their writers say."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the letters of a letter campaign stand, or those to one office."""

    figures: Counter[Figure] = field(default_factory=Counter)

    @property
    def counts(self) -> Counter[Count]:
        """How many stand where."""
        counts = Counter({count: self.figures[Figure(count)] for count in Count})
        counts[Count.ON_HOLD] += self.figures[Figure.UNMAILED]
        return counts

    @property
    def waiting(self) -> int:
        """How many letters wait for a person."""
        return sum(self.figures[figure] for figure in WAITING)

    @property
    def said(self) -> list[tuple[Answer, int]]:
        """How many writers said which answer came, where some did."""
        said = [(answer, self.figures[Figure(f"answer_{answer}")]) for answer in Answer]
        return [(answer, count) for answer, count in said if count]

    @property
    def own_words(self) -> Counter[OwnWords]:
        """How many of the confirmed letters are how much their writers' own."""
        return Counter({share: self.figures[Figure(share)] for share in OwnWords})

    def add(self, other: "Numbers") -> None:
        """Count in what others count."""
        self.figures.update(other.figures)


class AnswerLine(NamedTuple):
    """What the writer of a letter says about the office's answer."""

    office: Office
    """As it was called where the letter was written from."""
    answer: Answer
    at: datetime


def numbers_by_letter_campaign() -> defaultdict[int, Numbers]:
    """Return how each letter campaign stands, by its number."""
    return _numbers(_tally.c.letter_campaign_id)


def numbers_by_office(letter_campaign_id: int) -> defaultdict[int, Numbers]:
    """Return how the letters of one letter campaign stand, by the number of their office."""
    return _numbers(_tally.c.recipient_id, _tally.c.letter_campaign_id == letter_campaign_id)


def numbers_of(letter_campaign_id: int) -> Numbers:
    """Return how one letter campaign stands."""
    of_it = _tally.c.letter_campaign_id == letter_campaign_id
    return _numbers(_tally.c.letter_campaign_id, of_it)[letter_campaign_id]


def _numbers(by: ColumnElement[int], *which: ColumnElement[bool]) -> defaultdict[int, Numbers]:
    total = func.sum(_tally.c.count)
    tallied = select(by, _tally.c.figure, total).where(*which).group_by(by, _tally.c.figure)
    found: defaultdict[int, Numbers] = defaultdict(Numbers)
    for number, figure, count in session.execute(tallied.having(total != 0)):
        found[number].figures[figure] = int(count)
    return found


def answers_of(
    letter_campaign_id: int, request: PageRequest | None = None, *, size: int = PAGE_ROWS
) -> Page[AnswerLine]:
    """Return a page of what writers say about answers, the newest first; it names no writer."""
    found = page_of(
        select(Letter.id, Letter.answer, Letter.answered_at, Recipient, LetterRecipient)
        .join(Letter.recipient)
        .join(LetterText, LetterText.id == Letter.text_id)
        .outerjoin(LetterRecipient, names_it(Letter.recipient_id))
        .where(Letter.letter_campaign_id == letter_campaign_id, Letter.answer.is_not(None)),
        Letter.answered_at,
        Letter.id,
        request or PageRequest(),
        lambda row: Cursor(row.answered_at, row.id),
        size=size,
    )
    lines = [
        AnswerLine(row.LetterRecipient or row.Recipient, row.answer, row.answered_at)
        for row in found.rows
    ]
    return Page(lines, found.newer, found.older)
