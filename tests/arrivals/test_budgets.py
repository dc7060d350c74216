"""An hour's worth may come at once; what comes after it waits its turn, in the database for all."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from petition.arrivals import budgets
from petition.arrivals.budgets import LONGEST_WAIT, Ledger, code_of, take_if_left
from petition.arrivals.models import Budget
from petition.core.storage.database import session, transaction
from tests.factories import NOON, rows

pytestmark = pytest.mark.usefixtures("database")

AN_HOUR = 3
TURN = timedelta(hours=1) / AN_HOUR
NETWORK = "192.0.2.0/24"
CODE = bytes(32)


def taken(code: bytes, at: datetime) -> timedelta:
    """Take one; return how long it waits."""
    ledger = Ledger(at)
    wait = ledger.wait_for(code, AN_HOUR)
    ledger.take(code, AN_HOUR)
    ledger.write()
    return wait


def waits(number: int, value: str = NETWORK, after: timedelta = timedelta()) -> list[timedelta]:
    """Take so many; return how long each waits, to the minute."""
    code, at = code_of("network", value, NOON + after), NOON + after
    with transaction():
        found = [taken(code, at) for _ in range(number)]
    return [timedelta(minutes=round(wait / timedelta(minutes=1))) for wait in found]


def test_an_hour_s_worth_waits_for_nothing_and_each_after_it_for_its_turn() -> None:
    none = timedelta()

    assert waits(5) == [none, none, none, TURN, 2 * TURN]


def test_who_waits_an_hour_after_an_hour_s_worth_has_all_of_it_again() -> None:
    waits(AN_HOUR)

    assert waits(AN_HOUR, after=timedelta(hours=1)) == [timedelta()] * AN_HOUR


def test_one_turn_comes_back_with_its_part_of_the_hour() -> None:
    waits(AN_HOUR)

    assert waits(2, after=TURN) == [timedelta(), TURN]


@pytest.mark.parametrize("before", [0, 1, 5, 100])
def test_what_is_taken_together_is_what_is_taken_one_by_one(before: int) -> None:
    one_by_one, together = code_of("network", "1", NOON), code_of("network", "2", NOON)
    with transaction():
        for code in (one_by_one, together):
            for _ in range(before):
                taken(code, NOON)
        waited = [taken(one_by_one, NOON + TURN) for _ in range(6)]
        ledger = Ledger(NOON + TURN)
        for wait in waited:
            assert ledger.wait_for(together, AN_HOUR) == wait
            ledger.take(together, AN_HOUR)
        ledger.write()
    marks = set(session.scalars(select(Budget.used_until)))
    session.commit()

    assert len(marks) == 1


def test_others_and_other_kinds_have_budgets_of_their_own() -> None:
    waits(5)

    assert waits(1, "198.51.100.0/24") == [timedelta()]
    with transaction():
        assert taken(code_of("domain", NETWORK, NOON), NOON) == timedelta()


def test_however_much_is_taken_nobody_waits_for_longer_than_is_agreed() -> None:
    with transaction():
        last = [taken(CODE, NOON) for _ in range(100)][-1]

    assert last == LONGEST_WAIT


def test_a_limit_of_nothing_lets_nobody_through_at_once() -> None:
    with transaction():
        assert Ledger(NOON).wait_for(CODE, 0) == LONGEST_WAIT
        assert not take_if_left(CODE, 0, NOON)


def test_whoever_is_refused_takes_nothing_from_those_who_come_after() -> None:
    with transaction():
        first = [take_if_left(CODE, AN_HOUR, NOON) for _ in range(AN_HOUR + 5)]
        later = [take_if_left(CODE, AN_HOUR, NOON + TURN) for _ in range(2)]

    assert first == [True] * AN_HOUR + [False] * 5
    assert later == [True, False]


def test_a_clock_that_was_ahead_shuts_nobody_out() -> None:
    with transaction():
        assert take_if_left(CODE, AN_HOUR, NOON + timedelta(hours=10))
        assert take_if_left(CODE, AN_HOUR, NOON)


def test_no_network_stands_in_the_database_and_its_code_is_another_the_next_day() -> None:
    for after in (timedelta(), timedelta(days=1)):
        waits(1, after=after)
    codes = session.scalars(select(Budget.tag)).all()
    session.commit()

    assert len(set(codes)) == 2
    assert not any(b"192.0.2" in code for code in codes)


def test_a_budget_that_is_whole_again_is_forgotten_and_one_that_is_not_stays() -> None:
    waits(1)
    waits(1, "198.51.100.0/24", after=timedelta(hours=1))
    with transaction():
        budgets.purge(NOON + timedelta(hours=1))

    assert rows(Budget) == 1
