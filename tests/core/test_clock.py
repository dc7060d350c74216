"""What hosts share goes by the clock of their database, however wrong their own may be."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from petition.core import clock
from petition.core.clock import now
from petition.core.storage.database import configure, transaction
from petition.links.hours import end_of
from petition.links.models import MailedLink
from petition.outbox.queries import a_worker_is_alive
from tests.factories import make_ask, sign, signer
from tests.outbox.mails import beat, claim, only_mail, post

DAY = timedelta(days=1)
SOON = timedelta(seconds=20)
"""However slow the machine is."""


@pytest.fixture(autouse=True)
def asked_clock(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ask the database again at each transaction."""
    configure(database)
    monkeypatch.setattr(clock, "ASK_SECONDS", -1.0)
    yield
    clock.forget()


@pytest.mark.parametrize("ahead", [2 * DAY, -2 * DAY])
def test_a_host_goes_by_the_clock_of_the_database(ahead: timedelta) -> None:
    true = now()
    with time_machine.travel(true + ahead):
        with transaction():
            pass
        assert abs(now() - true) < SOON
    with transaction():
        pass
    assert abs(now() - true) < SOON


def test_a_difference_that_is_but_the_way_to_the_database_moves_nothing() -> None:
    with transaction():
        pass

    assert clock._ahead == timedelta()


@pytest.mark.parametrize("ahead", [2 * DAY, -2 * DAY])
def test_what_a_host_with_a_wrong_clock_causes_is_due_at_once(ahead: timedelta) -> None:
    true = now()
    ask = make_ask()
    with time_machine.travel(true + ahead), transaction():
        pass  # any page that it has shown before
    with time_machine.travel(true + ahead):
        sign(ask, signer("ana@example.org"))

    mail = only_mail()
    assert abs(mail.due_at - true) < SOON
    assert abs(mail.created_at - true) < SOON
    with transaction() as reading:
        [link] = reading.query(MailedLink).all()
    assert link.expires_at in {end_of(true), end_of(true + SOON)}
    assert len(claim("w1", now() + SOON)) == 1


@pytest.mark.parametrize("apart", [60, -60, 20, -20])
def test_no_worker_is_held_for_dead_by_one_whose_clock_differs(apart: int) -> None:
    post(at=now())
    beat("w1", now())
    assert len(claim("w1", now())) == 1
    with time_machine.travel(now() + timedelta(seconds=apart)):
        with transaction():
            pass
        beat("w2", now())
        assert claim("w2", now()) == []
    with transaction():
        pass
    assert a_worker_is_alive(now())
