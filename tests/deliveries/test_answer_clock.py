"""The answer clock: what we asked for, how long it has been, and whether an answer came."""

from datetime import date, timedelta

import pytest

from petition.deliveries.answer_clock import AnswerClock, AnswerState, answer_clock
from petition.deliveries.models import StepKind
from tests.deliveries.making import TODAY, ago, found, go_on, handed_over, organiser, planned
from tests.factories import NOON, load_sample

pytestmark = pytest.mark.any_database
DUE = ago(20) + timedelta(days=30)


@pytest.fixture
def who(database: str) -> int:
    """Somebody who records, once the sample is there."""
    load_sample(NOON)
    return organiser()


def clock_of(number: int, today: date = TODAY) -> AnswerClock:
    """Return the clock of a delivery that was handed over."""
    clock = answer_clock(found(number), today)
    assert clock is not None
    return clock


def test_before_the_hand_over_nobody_waits(who: int) -> None:
    assert answer_clock(found(planned(who)), TODAY) is None


def test_the_last_day_of_what_was_asked_for_is_in_time_and_the_next_is_not(who: int) -> None:
    number = handed_over(who, ago(20))

    assert clock_of(number) == AnswerClock(AnswerState.WAITING, DUE, TODAY, 20)
    assert clock_of(number, DUE).state is AnswerState.WAITING
    late = clock_of(number, DUE + timedelta(days=1))
    assert (late.state, late.days) == (AnswerState.OVERDUE, 31)


def test_the_first_answer_ends_it_and_a_later_one_does_not_move_it(who: int) -> None:
    number = handed_over(who, ago(20))
    for day in (ago(8), ago(2)):
        go_on(number, StepKind.ANSWERED, who, day)
    go_on(number, StepKind.CLOSED, who)

    assert clock_of(number) == AnswerClock(AnswerState.ANSWERED, DUE, ago(8), 12)


def test_closing_without_an_answer_ends_it_too(who: int) -> None:
    number = handed_over(who, ago(20))
    go_on(number, StepKind.CLOSED, who, ago(1))

    assert clock_of(number) == AnswerClock(AnswerState.UNANSWERED, DUE, ago(1), 19)


def test_an_answer_that_was_taken_back_is_none(who: int) -> None:
    number = handed_over(who, ago(20))
    go_on(number, StepKind.ANSWERED, who, ago(8))
    go_on(number, StepKind.RETRACTED, who)

    assert clock_of(number).state is AnswerState.WAITING


def test_what_is_recorded_a_day_ahead_of_utc_has_waited_for_no_day(who: int) -> None:
    number = handed_over(who, TODAY + timedelta(days=1))

    assert clock_of(number).days == 0
