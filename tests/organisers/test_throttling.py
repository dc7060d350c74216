"""Failures slow down, for the account and for the network apart; nothing is locked for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from petition.core.storage.database import session, transaction
from petition.organisers import throttling
from petition.organisers.models import LoginFailure, email_tag
from petition.organisers.throttling import Attempt, Scope, TooManyTries

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("database")


def account(email: str = "ada@example.org") -> Scope:
    return throttling.account(email_tag(email))


def try_at(at: datetime, *scopes: Scope) -> Attempt:
    with transaction():
        return throttling.begin(scopes or (account(),), at)


def wait_at(at: datetime, *scopes: Scope) -> int:
    """Return how long somebody is told to wait; a try that needs no waiting is none here."""
    try:
        attempt = try_at(at, *scopes)
    except TooManyTries as error:
        return error.seconds
    with transaction():
        throttling.forgive(attempt)
    return 0


def fail(times: int, *scopes: Scope) -> datetime:
    """Fail so often, each time as soon as one may; return the time of the last failure."""
    at = AT
    for number in range(times):
        at += timedelta(seconds=wait_at(at, *scopes) if number else 0)
        try_at(at, *scopes)
    return at


def test_five_failures_of_an_account_cost_nothing_and_the_sixth_waits() -> None:
    assert wait_at(fail(4)) == 0
    with transaction():
        throttling.clear(account())

    assert wait_at(fail(5)) == 1


def test_the_wait_of_an_account_doubles_up_to_a_minute() -> None:
    waits = []
    at = fail(5)
    for _ in range(9):
        waits.append(wait_at(at))
        at += timedelta(seconds=waits[-1])
        try_at(at)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_try_during_the_wait_does_not_make_it_longer() -> None:
    at = fail(8)

    assert wait_at(at) == 8
    assert wait_at(at + timedelta(seconds=5)) == 3
    assert wait_at(at + timedelta(seconds=8)) == 0


def test_a_success_clears_the_account() -> None:
    at = fail(12)
    with transaction():
        throttling.clear(*throttling.of_account(email_tag("ada@example.org")))

    assert wait_at(at) == 0


def test_capitals_do_not_make_another_account() -> None:
    at = fail(6)

    assert wait_at(at, account("ADA@Example.Org")) == 2
    assert wait_at(at, account("eve@example.org")) == 0


def test_a_network_waits_after_twenty_failures_whatever_the_accounts() -> None:
    network = throttling.network("192.0.2.0/24")
    for number in range(20):
        assert wait_at(AT, network) == 0
        try_at(AT, network, account(f"guess{number}@example.org"))

    assert wait_at(AT, network, account("ada@example.org")) == 1
    assert wait_at(AT, throttling.network("198.51.100.0/24"), account("ada@example.org")) == 0


def test_a_network_waits_a_quarter_of_an_hour_at_most_and_is_forgotten_in_an_hour() -> None:
    network = throttling.network("192.0.2.0/24")
    for _ in range(60):
        with transaction():
            session.add(LoginFailure(scope_tag=network.tag, failed_at=AT))

    assert wait_at(AT, network) == 15 * 60
    assert wait_at(AT + timedelta(hours=1), network) == 0


def test_second_steps_wait_longer_for_whoever_gets_there_knows_the_password() -> None:
    codes = throttling.codes(email_tag("ada@example.org"))
    for _ in range(40):
        with transaction():
            session.add(LoginFailure(scope_tag=codes.tag, failed_at=AT))

    assert wait_at(AT, codes) == 15 * 60


def test_tries_at_once_get_no_more_than_tries_in_turn() -> None:
    def one_try(_number: int) -> bool:
        try:
            try_at(AT)
        except TooManyTries:
            return False
        finally:
            session.remove()
        return True

    with ThreadPoolExecutor(4) as pool:
        allowed = sum(pool.map(one_try, range(24)))

    assert allowed == 5


def test_failures_from_before_the_clock_went_back_keep_nobody_out() -> None:
    before = AT + timedelta(days=2)
    for _ in range(5):
        try_at(before)

    assert wait_at(before) > 0
    assert wait_at(AT) == 0


def test_failures_are_forgotten_after_a_day() -> None:
    fail(5)
    with transaction():
        throttling.purge(AT + timedelta(days=1, seconds=1))

    assert session.query(LoginFailure).count() == 0
