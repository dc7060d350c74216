"""A letter that looks like a program's makes us mail nobody before a moderator has accepted it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from petition.core.storage.database import session, transaction
from petition.holds.models import HoldCause
from petition.letters import actions, decisions, removals
from petition.letters.decisions import Decision, TooLate
from petition.letters.desk.numbers import Count, numbers_by_letter_campaign
from petition.letters.desk.waiting import Wait, count_waiting
from petition.letters.letter.mailing import mail_at_last
from petition.letters.letter.models import Letter, LetterState
from petition.outbox.models import MailState, OutboxMail
from tests.factories import NOON, Letters, load_sample, make_organiser, rows
from tests.letters.posting import OTHER_OFFICE, confirm, finished, hand_in, newest_letter, queued

NADIA = "nadia@example.org"
LATER = NOON + timedelta(days=6)


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign."""
    load_sample(NOON - timedelta(days=10))


def to_leave() -> int:
    """Return how many mails are to leave."""
    found = session.scalar(select(func.count()).where(OutboxMail.state == MailState.QUEUED))
    session.commit()
    return found or 0


def accept(letters: Letters, decision: Decision = Decision.SEND) -> bool | None:
    """Accept the newest letter as a moderator does; return whether its writer is mailed."""
    organiser = make_organiser().id
    with transaction() as writing:
        letter = writing.get_one(Letter, newest_letter().id)
        decisions.decide(letter, decision, organiser, LATER)
        return mail_at_last(letter, letters, LATER)


def test_a_program_makes_us_mail_nobody_however_often_it_posts() -> None:
    for _ in range(2):
        assert hand_in(finished(NADIA), hold=HoldCause.PROGRAM) is None

    assert (rows(Letter), rows(OutboxMail)) == (1, 0)


def test_a_program_gets_no_mail_for_whoever_has_written() -> None:
    queued(email=NADIA)
    letters, letter = Letters(), finished(NADIA)
    with transaction():
        actions.hand_in(letter, letters, NOON, hold=HoldCause.PROGRAM)

    assert letters.confirm_tokens + letters.manage_tokens == []
    assert to_leave() == 1


def test_what_a_program_left_does_not_keep_its_victim_from_writing() -> None:
    for number in range(5):
        hand_in(
            finished(NADIA.replace("@", f"+{number}@"), own=f"{number}"), hold=HoldCause.PROGRAM
        )

    assert hand_in(finished(NADIA, to=OTHER_OFFICE)) is not None
    assert hand_in(finished(NADIA)) is not None


def test_it_waits_on_the_desk_and_is_counted_there() -> None:
    hand_in(finished(), hold=HoldCause.PROGRAM)
    hand_in(finished(), hold=HoldCause.NETWORK)
    letter = newest_letter()

    numbers = numbers_by_letter_campaign()[letter.letter_campaign_id]
    assert count_waiting(numbers)[Wait.UNMAILED] == 1
    session.commit()
    assert (numbers.counts[Count.ON_HOLD], numbers.counts[Count.AWAITING]) == (1, 1)
    assert numbers.waiting == 1


def test_once_accepted_it_is_mailed_and_leaves_when_it_is_confirmed() -> None:
    hand_in(finished(NADIA), hold=HoldCause.PROGRAM)
    letters = Letters()

    assert accept(letters) is True
    with transaction():
        removals.purge(LATER + timedelta(hours=71))
    confirm(letters.confirm_tokens[0], LATER + timedelta(hours=71))
    letter = newest_letter()
    assert (letter.state, letter.on_hold, letter.changed_by) == (LetterState.QUEUED, False, None)


def test_it_is_accepted_once_and_cannot_be_stopped() -> None:
    hand_in(finished(NADIA), hold=HoldCause.PROGRAM)
    with pytest.raises(TooLate):
        accept(Letters(), Decision.STOP)
    accept(Letters())
    with pytest.raises(TooLate):
        accept(Letters())

    assert to_leave() == 1


def test_one_that_was_mailed_before_is_not_accepted_here() -> None:
    hand_in(finished(NADIA), hold=HoldCause.NETWORK)

    with pytest.raises(TooLate):
        accept(Letters())


def test_what_nobody_accepts_is_gone_after_a_week() -> None:
    hand_in(finished(NADIA), hold=HoldCause.PROGRAM)
    with transaction():
        removals.purge(NOON + timedelta(days=7, seconds=1))

    assert rows(Letter) == 0


def test_one_that_does_not_open_mails_nobody() -> None:
    hand_in(finished(NADIA), hold=HoldCause.PROGRAM)
    with transaction() as writing:
        writing.execute(update(Letter).values(content_key="gone"))

    assert accept(Letters()) is False
    assert to_leave() == 0
