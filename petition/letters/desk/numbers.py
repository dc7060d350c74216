"""How letters stand: how many wait, left or came back, and what their writers say since."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from petition.core.storage.database import session
from petition.core.storage.paging import PAGE_ROWS, Cursor, Page, PageRequest, page_of
from petition.letters.drafting.own_words import OwnWords, in_words
from petition.letters.letter.links import waits_unmailed
from petition.letters.letter.models import Answer, Letter, LetterState, SentElsewhere
from petition.recipients.models import Recipient

WAITS = text("(letter.on_hold OR letter.state IN ('unknown', 'failed'))")
"""In the words of the partial index, or SQLite would not take it."""
Column = InstrumentedAttribute[int]


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

    counts: Counter[Count] = field(default_factory=Counter)
    answers: Counter[Answer] = field(default_factory=Counter)

    @property
    def waiting(self) -> int:
        """How many letters wait for a person."""
        return self.counts[Count.ON_HOLD] + self.counts[Count.UNKNOWN] + self.counts[Count.FAILED]

    @property
    def said(self) -> list[tuple[Answer, int]]:
        """How many writers said which answer came, where some did."""
        return [(answer, self.answers[answer]) for answer in Answer if self.answers[answer]]

    def add(self, other: "Numbers") -> None:
        """Count in what others count."""
        self.counts.update(other.counts)
        self.answers.update(other.answers)


class AnswerLine(NamedTuple):
    """What the writer of a letter says about the office's answer."""

    recipient: Recipient
    answer: Answer
    at: datetime


def numbers_by_letter_campaign() -> defaultdict[int, Numbers]:
    """Return how each letter campaign stands, by its number."""
    return _counted(Letter.letter_campaign_id, SentElsewhere.letter_campaign_id)


def numbers_by_office(letter_campaign_id: int) -> defaultdict[int, Numbers]:
    """Return how the letters of one letter campaign stand, by the number of their office."""
    return _counted(Letter.recipient_id, SentElsewhere.recipient_id, letter_campaign_id)


def _counted(
    letters_by: Column, elsewhere_by: Column, letter_campaign_id: int | None = None
) -> defaultdict[int, Numbers]:
    by = (letters_by, Letter.state, Letter.on_hold, Letter.answer)
    # In the order of ix_letter_numbers, or SQLite would take another and read each letter.
    order = (Letter.letter_campaign_id, Letter.recipient_id, *by[1:])
    letters = select(*by, func.count()).group_by(*order)
    elsewhere = select(elsewhere_by, func.count()).group_by(elsewhere_by)
    unmailed = select(letters_by, func.count()).where(WAITS, waits_unmailed()).group_by(letters_by)
    if letter_campaign_id is not None:
        unmailed = unmailed.where(Letter.letter_campaign_id == letter_campaign_id)
        letters = letters.where(Letter.letter_campaign_id == letter_campaign_id)
        elsewhere = elsewhere.where(SentElsewhere.letter_campaign_id == letter_campaign_id)
    found: defaultdict[int, Numbers] = defaultdict(Numbers)
    for number, state, on_hold, answer, count in session.execute(letters):
        found[number].counts[_count_of(state, on_hold)] += count
        if answer is not None:
            found[number].answers[answer] += count
    for number, count in session.execute(elsewhere):
        found[number].counts[Count.SENT_ELSEWHERE] += count
    for number, count in session.execute(unmailed):
        found[number].counts.update({Count.ON_HOLD: count, Count.AWAITING: -count})
    return found


def _count_of(state: LetterState, on_hold: bool) -> Count:
    if state == LetterState.QUEUED and on_hold:
        return Count.ON_HOLD
    return Count.QUEUED if state == LetterState.SENDING else Count(state)


def own_words(letter_campaign_id: int) -> Counter[OwnWords]:
    """Return how many of the confirmed letters are how much their writers' own."""
    found = session.execute(
        select(Letter.own_share, func.count())
        .where(
            Letter.letter_campaign_id == letter_campaign_id, Letter.state != LetterState.AWAITING
        )
        .group_by(Letter.own_share)
    )
    shares: Counter[OwnWords] = Counter()
    for share, count in found:
        shares[in_words(share)] += count
    return shares


def answers_of(
    letter_campaign_id: int, request: PageRequest | None = None, *, size: int = PAGE_ROWS
) -> Page[AnswerLine]:
    """Return a page of what writers say about answers, the newest first; it names no writer."""
    found = page_of(
        select(Letter.id, Letter.answer, Letter.answered_at, Recipient)
        .join(Recipient, Recipient.id == Letter.recipient_id)
        .where(Letter.letter_campaign_id == letter_campaign_id, Letter.answer.is_not(None)),
        Letter.answered_at,
        Letter.id,
        request or PageRequest(),
        lambda row: Cursor(row.answered_at, row.id),
        size=size,
    )
    lines = [AnswerLine(row.Recipient, row.answer, row.answered_at) for row in found.rows]
    return Page(lines, found.newer, found.older)
