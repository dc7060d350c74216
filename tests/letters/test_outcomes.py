"""What is noted of a letter that was begun, and when it is not this worker's to note any more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from petition.core.database import session, single_statements, transaction
from petition.letters import outcomes
from petition.letters.letter import LetterState, LetterTransition
from petition.letters.sending import ClaimedLetter, release
from tests.letters.fates import WORKER, End, claim, end, is_in_doubt, is_put_off, is_refused
from tests.letters.letters import OPEN, begun, confirm, hand_in, letter_with, make_letter_campaign

LATER = OPEN + timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("database")


def two_claimed() -> list[ClaimedLetter]:
    """Return two letters that this worker may send."""
    letter_campaign = make_letter_campaign()
    for _ in range(2):
        confirm(hand_in(letter_campaign))
    with transaction():
        return claim(OPEN)


def let_another_have(letter: ClaimedLetter) -> None:
    """Give a letter back, and let another worker claim it."""
    with transaction():
        release([letter], WORKER)
        assert claim(LATER, worker="another") != []


def states(letters: list[ClaimedLetter]) -> list[LetterState]:
    """Return where these letters are."""
    return [letter_with(letter.message_id).state for letter in letters]


def test_a_letter_is_noted_as_sent_in_the_moment_in_which_the_next_is_begun() -> None:
    first, second = two_claimed()
    with single_statements() as connection:
        outcomes.begin_after(None, first, WORKER, OPEN, connection)
        sent = outcomes.sent(first, OPEN)
        is_begun = outcomes.begin_after(sent, second, WORKER, LATER, connection)

    assert is_begun
    assert states([first, second]) == [LetterState.SENT, LetterState.SENDING]
    found = letter_with(first.message_id)
    assert (found.sent_at, found.changed_at, found.last_answer) == (OPEN, OPEN, "250")
    steps = select(LetterTransition.after, LetterTransition.at).order_by(LetterTransition.id)
    assert session.execute(steps.where(LetterTransition.letter_id == second.id)).all()[-1] == (
        LetterState.SENDING,
        LATER,
    )


def test_a_letter_that_another_worker_has_is_not_begun_and_the_last_is_noted_all_the_same() -> None:
    first, second = two_claimed()
    with single_statements() as connection:
        outcomes.begin_after(None, first, WORKER, OPEN, connection)
        sent = outcomes.sent(first, OPEN)
        let_another_have(second)
        is_begun = outcomes.begin_after(sent, second, WORKER, LATER, connection)

    assert not is_begun
    assert states([first, second]) == [LetterState.SENT, LetterState.QUEUED]


def test_no_letter_is_begun_together_with_a_failure_from_which_more_follows() -> None:
    first, second = two_claimed()
    refused = outcomes.refused(first, "550", OPEN, is_mailbox_gone=True)
    with single_statements() as connection:
        for last in (refused, outcomes.sent(second, OPEN)):
            with pytest.raises(ValueError, match="was sent"):
                outcomes.begin_after(last, second, WORKER, LATER, connection)


def test_what_its_worker_knows_counts_although_others_held_it_for_dead() -> None:
    letter = begun()
    with transaction():
        assert outcomes.leave_in_doubt("another", LATER) == 1

    end(outcomes.sent(letter, LATER))
    found = letter_with(letter.message_id)
    assert (found.state, found.sent_at) == (LetterState.SENT, LATER)


@pytest.mark.parametrize("came_to", [is_refused, is_in_doubt, is_put_off])
def test_a_failure_is_not_noted_once_others_held_its_worker_for_dead(came_to: End) -> None:
    letter = begun()
    with transaction():
        outcomes.leave_in_doubt("another", LATER)

    end(came_to(letter, LATER))
    found = letter_with(letter.message_id)
    assert (found.state, found.last_answer) == (LetterState.UNKNOWN, outcomes.DIED)


def test_doubt_of_its_own_is_not_overwritten() -> None:
    letter = begun()
    end(outcomes.in_doubt(letter, "TimeoutError", OPEN))

    end(outcomes.sent(letter, LATER))
    assert letter_with(letter.message_id).state == LetterState.UNKNOWN
