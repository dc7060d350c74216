"""The tally of letters agrees with the letters, whatever becomes of them."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from petition.core.errors import LinkError
from petition.core.storage.database import rows_of, session, transaction
from petition.core.storage.ledger import Drift
from petition.holds.models import HoldCause
from petition.letters import decisions, removals, sent_elsewhere
from petition.letters.answers import note_answer
from petition.letters.decisions import Decision, TooLate
from petition.letters.desk.models import Figure, LetterTally, LetterTallyEntry
from petition.letters.desk.numbers import numbers_by_office, numbers_of
from petition.letters.desk.tally import LEDGER
from petition.letters.drafting.own_words import OwnWords, in_words
from petition.letters.letter.models import Answer, Letter, LetterState
from petition.recipients.models import Channel
from tests.factories import NOON, address, load_sample, make_organiser, rows, take_in_all
from tests.letters.fates import arrives, comes_back, is_in_doubt, is_put_off, is_refused, leave
from tests.letters.posting import (
    OFFICE,
    OTHER_OFFICE,
    all_letters,
    confirm,
    finished,
    hand_in,
    letter_campaign,
    office,
    put_every_office_to_work,
    queued,
    sent,
)


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign, whose offices work at any hour."""
    load_sample(NOON - timedelta(days=10))
    put_every_office_to_work()


def figures() -> dict[Figure, int]:
    """Return how the letters of the letter campaign stand."""
    found = numbers_of(letter_campaign().id).figures
    session.commit()
    return {figure: count for figure, count in found.items() if count}


def test_a_number_is_true_before_the_worker_has_counted_and_after() -> None:
    queued()
    before = figures()
    assert rows(LetterTallyEntry) > 0
    take_in_all()

    assert figures() == before == {Figure.QUEUED: 1, Figure.TEMPLATE: 1}
    assert rows(LetterTallyEntry) == 0


def test_what_is_being_sent_is_queued_and_makes_no_entry() -> None:
    queued()
    before = rows(LetterTallyEntry)
    with transaction() as writing:
        sending = {"state": LetterState.SENDING, "claimed_by": "x"}
        writing.execute(update(Letter).values(sending))

    assert (rows(LetterTallyEntry), figures()[Figure.QUEUED]) == (before, 1)


def test_offices_are_counted_apart() -> None:
    queued()
    queued(to=OTHER_OFFICE)
    sent()
    take_in_all()
    found = numbers_by_office(letter_campaign().id)
    by_office = {slug: found[office(slug).id].figures.total() for slug in (OFFICE, OTHER_OFFICE)}
    session.commit()

    assert by_office == {OFFICE: 4, OTHER_OFFICE: 2}  # each is in one of where, and of own words


@pytest.mark.parametrize("share", [0, 2, 3, 29, 30, 100])
def test_ones_own_words_are_told_as_everywhere(share: int) -> None:
    hand_in(finished())
    with transaction() as writing:
        writing.execute(update(Letter).values(own_share=share))
        waiting = {"state": LetterState.QUEUED, "confirmed_at": NOON}
        writing.execute(update(Letter).values(waiting))

    assert [one for one in OwnWords if figures().get(Figure(one))] == [in_words(share)]
    assert LEDGER.drifts() == []


def test_what_was_sent_another_way_is_counted_once() -> None:
    found = letter_campaign().id, office().id
    for _ in range(2):
        with transaction():
            sent_elsewhere.note_sent_elsewhere(
                *found, "nadia@example.org", Channel.POST, NOON, draft_hash=b"x" * 32
            )
    take_in_all()

    assert figures() == {Figure.SENT_ELSEWHERE: 1}


def test_drift_is_found_and_named() -> None:
    queued()
    take_in_all()
    with transaction() as writing:
        of_queued = rows_of(LetterTally).c.figure == Figure.QUEUED
        writing.execute(update(rows_of(LetterTally)).where(of_queued).values(count=5))

    named = f"Letter campaign {letter_campaign().id}, office {office().id}, queued"
    assert LEDGER.drifts() == [Drift(named, 5, 1)]


@dataclass
class Desk:
    """A few people who write, an office, a mail server and a moderator, in any order."""

    organiser: int
    at: datetime = NOON
    people: list[str] = field(default_factory=lambda: [address() for _ in range(4)])
    links: list[str] = field(default_factory=list)

    def write(self, number: int) -> None:
        """Hand a letter in; one is a program's, one comes from a busy network."""
        hold = {2: HoldCause.PROGRAM, 3: HoldCause.NETWORK}.get(number)
        own = "They wrote this sentence on their own, and it is quite a long one. " * number
        link = hand_in(finished(self.people[number], own=own), self.at, hold=hold)
        if link is not None:
            self.links.append(link)

    def confirm(self, _number: int) -> None:
        """Press the button of the newest mail."""
        if self.links:
            with suppress(LinkError):
                confirm(self.links.pop(), self.at)

    def leave(self, number: int) -> None:
        """Let what may leave come to one of four ends."""
        leave((arrives, is_refused, is_in_doubt, is_put_off)[number], self.at)

    def come_back(self, _number: int) -> None:
        """Let a letter come back."""
        for letter in all_letters(Letter.state == LetterState.SENT)[:1]:
            comes_back(letter)

    def answer(self, number: int) -> None:
        """Say what the office has answered."""
        with transaction():
            for letter in session.scalars(select(Letter).where(Letter.state == LetterState.SENT)):
                note_answer(letter, list(Answer)[number % 3], self.at)

    def decide(self, number: int) -> None:
        """Decide about one letter, if it waits for that."""
        decision = list(Decision)[number % 3]
        for one in self._letter(number):
            with suppress(TooLate), transaction() as writing:
                letter = writing.get_one(Letter, one.id)
                decisions.decide(letter, decision, self.organiser, self.at)

    def erase(self, number: int) -> None:
        """Let a writer stop a letter and take its words back."""
        for one in self._letter(number):
            with suppress(TooLate), transaction() as writing:
                if one.state != LetterState.AWAITING:
                    removals.erase_words(writing.get_one(Letter, one.id), self.at)

    def _letter(self, number: int) -> list[Letter]:
        return all_letters()[::-1][number : number + 1]

    def tidy(self, number: int) -> None:
        """Let some days pass, and purge what is past its time."""
        self.at += timedelta(days=number)
        with transaction():
            removals.purge(self.at)

    def count(self, _number: int) -> None:
        """Let the worker count."""
        take_in_all()


VERBS = (
    *(Desk.write, Desk.confirm, Desk.leave, Desk.come_back, Desk.answer),
    *(Desk.decide, Desk.erase, Desk.tidy, Desk.count),
)


def standing(letters: list[Letter]) -> Counter[Figure]:
    """Return where these letters stand."""
    counted: Counter[Figure] = Counter()
    for letter in letters:
        is_held = letter.state == LetterState.QUEUED and letter.on_hold
        state = "queued" if letter.state == LetterState.SENDING else letter.state
        counted[
            Figure.UNMAILED if letter.unmailed else Figure.ON_HOLD if is_held else Figure(state)
        ] += 1
        if letter.answer is not None:
            counted[Figure(f"answer_{letter.answer}")] += 1
        if letter.state != LetterState.AWAITING:
            counted[Figure(in_words(letter.own_share))] += 1
    return counted


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 3)), min_size=8, max_size=25))
def test_no_order_of_events_makes_the_tally_drift(
    events: list[tuple[Callable[[Desk, int], None], int]],
) -> None:
    desk = Desk(make_organiser().id)
    for verb, number in [*((Desk.write, number) for number in range(4)), *events]:
        desk.at += timedelta(hours=1)
        verb(desk, number)
        assert LEDGER.drifts() == []
        session.commit()
    take_in_all()
    assert figures() == standing(all_letters())
    assert LEDGER.drifts() == []
