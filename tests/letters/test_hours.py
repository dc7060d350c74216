"""A letter's row says in which hour it was written, confirmed and sent, and no moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from petition.core.clock import hour_of
from petition.core.storage.database import Base, rows_of, session, transaction
from petition.holds.models import HoldCause
from petition.letters import answers, decisions
from petition.letters.bounces.actions import note_bounce
from petition.letters.desk.waiting import mark_of
from petition.letters.drafting import drafts
from petition.letters.letter.models import (
    Answer,
    Letter,
    LetterDraft,
    LetterTransition,
    SentElsewhere,
)
from petition.letters.letter.written import Draft, Writer
from petition.letters.sent_elsewhere import note_sent_elsewhere
from petition.links.models import MailedLink
from petition.recipients.models import Channel, Mailroom
from tests.factories import NOON, address, load_sample, make_organiser, rows
from tests.letters.fates import claim, claimed, is_put_off, is_refused, leave
from tests.letters.posting import (
    finished,
    hand_in,
    newest_letter,
    office,
    queued,
    sent,
    suspect_since,
    text_of,
)

MOMENT = NOON + timedelta(minutes=34, seconds=56, microseconds=789)
LATER = MOMENT + timedelta(hours=1, minutes=7)


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign."""
    load_sample(NOON - timedelta(days=10))


def moments(*models: type[Base]) -> Iterator[str]:
    """Yield each time in these tables that tells more than its hour, by its column."""
    for model in models:
        table = rows_of(model)
        for row in session.execute(table.select()):
            for column in table.c:
                value = row._mapping[column]
                if isinstance(value, datetime) and value != hour_of(value):
                    yield f"{table.name}.{column.name}"
    session.commit()


def test_no_row_about_a_letter_tells_more_than_the_hour() -> None:
    hand_in(finished(), MOMENT)
    hand_in(finished(), MOMENT, hold=HoldCause.PROGRAM)
    stopped = queued(MOMENT)
    with transaction() as writing:
        found = writing.get_one(Letter, stopped.id, populate_existing=True)
        decisions.stop(found, LATER)
        note_sent_elsewhere(
            found.letter_campaign_id, office().id, address(), Channel.POST, LATER, draft_hash=b"x"
        )
        drafts.begin(text_of().id, Draft(Writer("Nadia Sample", address(), "GB")), LATER)
    sent(MOMENT)
    with transaction() as writing:
        letter = writing.get_one(Letter, newest_letter().id, populate_existing=True)
        answers.note_answer(letter, Answer.YES, LATER)

    tables = (Letter, LetterTransition, MailedLink, LetterDraft, SentElsewhere)
    assert {rows(table) > 0 for table in tables} == {True}
    assert list(moments(*tables)) == []


def test_one_that_was_put_off_and_is_over_tells_no_moment_either() -> None:
    queued(MOMENT)
    refused = leave(is_put_off, MOMENT) + leave(is_refused, MOMENT + timedelta(minutes=2))
    assert refused == 2
    queued(MOMENT)
    assert leave(is_put_off, MOMENT) == 1
    with transaction() as writing:
        decisions.stop(writing.get_one(Letter, newest_letter().id, populate_existing=True), LATER)

    assert list(moments(Letter, LetterTransition)) == []


def test_neither_does_one_that_came_back_nor_its_office() -> None:
    letter = sent(MOMENT)
    with transaction():
        note_bounce(letter.message_id, "5.1.1", MOMENT + timedelta(seconds=2))

    assert suspect_since() is not None
    assert list(moments(Letter, LetterTransition, Mailroom)) == []


def test_letters_of_one_hour_leave_in_the_order_in_which_they_came() -> None:
    came = [queued(MOMENT + timedelta(seconds=seconds)).id for seconds in range(3)]

    assert claimed(MOMENT + timedelta(minutes=1)) == came
    with transaction():
        first = claim(MOMENT + timedelta(minutes=1), most=1)
    assert [letter.id for letter in first] == came[:1]


def test_two_changes_within_an_hour_leave_two_marks() -> None:
    letter = queued(MOMENT)
    organiser, marks = make_organiser().id, []
    for seconds in range(2):
        with transaction() as writing:
            found = writing.get_one(Letter, letter.id, populate_existing=True)
            at = MOMENT + timedelta(seconds=seconds)
            decisions.stop(found, at, organiser_id=organiser)
            marks.append(mark_of(found))
            decisions.resume(found, organiser, at)

    assert len(set(marks)) == 2
