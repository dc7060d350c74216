"""What is noted of letters that were begun, also where their worker died or was held for dead."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from petition.core.clock import hour_of
from petition.core.storage.database import rows_of, session, transaction
from petition.letters import decisions
from petition.letters.letter.models import Letter, LetterState, LetterTransition, Pace
from petition.letters.post import batches, outcomes, sending
from petition.letters.post.models import LetterBatch, LetterPlace
from petition.letters.post.sending import ClaimedLetter
from petition.outbox.actions import beat
from tests.factories import NOON, make_organiser
from tests.letters.fates import (
    WORKER,
    End,
    arrives,
    begin,
    claim,
    end,
    is_in_doubt,
    is_put_off,
    is_refused,
)
from tests.letters.posting import begun, letter_with, queued

LATER = NOON + timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("database")


def claimed_letters(count: int) -> list[ClaimedLetter]:
    """Return letters of one batch of a worker that is alive."""
    for _ in range(count):
        queued()
    with transaction():
        beat(WORKER, NOON)
        return claim(NOON)


def states(letters: list[ClaimedLetter]) -> list[LetterState]:
    """Return where these letters are."""
    return [letter_with(letter.message_id).state for letter in letters]


def settle_for_the_dead() -> None:
    """Let another worker find that the first has been silent for a minute."""
    with transaction():
        assert batches.something_is_abandoned(LATER)
        batches.settle_abandoned(LATER)


def test_a_dead_workers_letters_were_sent_in_doubt_or_not_begun_by_the_place_it_had() -> None:
    letters = claimed_letters(4)
    for letter in letters[:3]:
        assert begin(letter)
    settle_for_the_dead()

    assert states(letters) == [
        LetterState.SENT,
        LetterState.SENT,
        LetterState.UNKNOWN,
        LetterState.QUEUED,
    ]
    found = letter_with(letters[0].message_id)
    assert (found.sent_at, found.changed_at, found.claimed_by) == (NOON, hour_of(LATER), None)
    assert letter_with(letters[2].message_id).last_answer == batches.DIED


def test_a_failure_that_a_dead_worker_noted_stays_what_it_was() -> None:
    letters = claimed_letters(2)
    begin(letters[0])
    end(is_refused, letters[0], NOON)
    begin(letters[1])
    settle_for_the_dead()

    assert states(letters) == [LetterState.FAILED, LetterState.UNKNOWN]


def test_what_a_dead_worker_had_not_begun_keeps_its_part_of_the_hours_cap() -> None:
    claimed_letters(2)
    settle_for_the_dead()
    with transaction():
        assert len(claim(LATER, worker="another")) == 2

    assert session.scalars(select(Pace.used)).all() == [2]


def test_letters_wait_for_a_person_where_the_place_was_lost_with_the_database() -> None:
    letters = claimed_letters(2)
    begin(letters[0])
    with transaction() as writing:
        writing.execute(delete(LetterPlace))  # as PostgreSQL does after a crash
    settle_for_the_dead()

    assert states(letters) == [LetterState.UNKNOWN, LetterState.UNKNOWN]


def test_a_worker_whose_batch_others_have_settled_claims_nothing_for_it() -> None:
    [letter] = claimed_letters(1)
    settle_for_the_dead()
    with transaction():
        [office] = sending.offices_at_work(LATER)
        assert sending.claim(letter.batch, office, LATER, most=1) == []

    assert states([letter]) == [LetterState.QUEUED]


def test_what_a_worker_knows_not_to_have_left_waits_although_others_put_it_in_doubt() -> None:
    first, second = claimed_letters(2)
    begin(first)
    with transaction() as writing:
        writing.execute(delete(LetterPlace))
    settle_for_the_dead()
    with transaction():
        outcomes.note_sent([first], LATER)
        sending.release([second], LATER)

    assert states([first, second]) == [LetterState.SENT, LetterState.QUEUED]
    assert session.scalars(select(Pace.used)).all() == [1]


def test_what_a_person_has_decided_about_a_letter_is_not_its_workers_any_more() -> None:
    letter = begun()
    settle_for_the_dead()
    organiser = make_organiser()
    with transaction():
        decisions.settle(letter_with(letter.message_id), False, organiser.id, LATER)
    with transaction():
        outcomes.note_sent([letter], LATER)

    assert states([letter]) == [LetterState.QUEUED]


def test_a_letter_that_is_held_after_it_was_claimed_is_not_begun() -> None:
    [letter] = claimed_letters(1)
    with transaction() as writing:
        writing.execute(update(Letter).values(on_hold=True))

    assert not begin(letter)


def test_a_batch_of_a_worker_that_is_alive_is_its_own() -> None:
    claimed_letters(1)
    with transaction():
        assert not batches.something_is_abandoned(NOON)


def test_a_worker_that_was_held_for_dead_begins_nothing_of_its_batch_any_more() -> None:
    letters = claimed_letters(2)
    begin(letters[0])
    settle_for_the_dead()

    assert not begin(letters[1])
    assert states(letters) == [LetterState.UNKNOWN, LetterState.QUEUED]
    assert session.scalar(select(func.count()).select_from(rows_of(LetterBatch))) == 0


def test_what_its_worker_knows_counts_although_others_held_it_for_dead() -> None:
    letter = begun()
    settle_for_the_dead()

    end(arrives, letter, LATER)
    found = letter_with(letter.message_id)
    assert (found.state, found.sent_at) == (LetterState.SENT, hour_of(LATER))


@pytest.mark.parametrize("came_to", [is_refused, is_in_doubt, is_put_off])
def test_a_failure_is_not_noted_once_others_held_its_worker_for_dead(came_to: End) -> None:
    letter = begun()
    settle_for_the_dead()

    end(came_to, letter, LATER)
    found = letter_with(letter.message_id)
    assert (found.state, found.last_answer) == (LetterState.UNKNOWN, batches.DIED)


def test_doubt_of_its_own_is_not_overwritten() -> None:
    letter = begun()
    end(is_in_doubt, letter, NOON)

    end(arrives, letter, LATER)
    assert letter_with(letter.message_id).state == LetterState.UNKNOWN


def test_each_step_of_a_letter_is_noted() -> None:
    [letter] = claimed_letters(1)
    end(arrives, letter, LATER)

    steps = select(LetterTransition.after, LetterTransition.at).order_by(LetterTransition.id)
    assert session.execute(steps.where(LetterTransition.letter_id == letter.id)).all()[-2:] == [
        (LetterState.SENDING, NOON),
        (LetterState.SENT, hour_of(LATER)),
    ]
