"""Whoever leaves after a hand-over is to be struck by number from what the office holds."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.models import StepKind
from petition.deliveries.striking.withdrawals import withdrawals_of
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.models import Signature
from tests.deliveries.making import found, go_on, organiser, planned
from tests.deliveries.pack.asking import asked, made
from tests.factories import NOON, confirm, make_ask, sign, signed, signer


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def struck(delivery: int) -> list[tuple[int, str]]:
    """Return which records are to be struck, and why."""
    left = withdrawals_of(found(delivery))
    assert left is not None
    return [(one.record, one.cause.value) for one in left.records]


def test_each_who_left_after_the_hand_over_is_named_by_number_and_nobody_else(
    ask: Ask, clock: time_machine.Traveller
) -> None:
    by = organiser()
    gone_before = signed(ask)[0]
    one, two, three, four = (signed(ask, signer(f"s{n}@example.org"))[0] for n in range(4))
    with transaction():
        removals.withdraw(session.get_one(Signature, gone_before.id), now())
    delivery = planned(by)
    assert withdrawals_of(found(delivery)) is None
    pack = asked(delivery, by)
    made(pack)
    go_on(delivery, StepKind.HANDED_OVER, by, signature_count=4, pack_id=pack.id)
    assert struck(delivery) == []
    made(asked(delivery, by))
    later = signed(ask)[0]
    clock.shift(timedelta(hours=30))
    with transaction():
        removals.withdraw(session.get_one(Signature, three.id), now())
        removals.erase(session.get_one(Signature, one.id), now())
        removals.invalidate(session.get_one(Signature, four.id), by, "Not a name", now())
        removals.withdraw(session.get_one(Signature, two.id), now())
        removals.erase(session.get_one(Signature, later.id), now())
    confirm(sign(ask, signer("s1@example.org")))

    assert struck(delivery) == [(1, "erased"), (3, "withdrawn"), (4, "invalidated")]
    left = withdrawals_of(found(delivery))
    assert left is not None
    assert {one.day for one in left.records} == {(NOON + timedelta(hours=30)).date()}


def test_what_was_handed_over_without_a_pack_has_no_records(ask: Ask) -> None:
    by = organiser()
    signed(ask)
    delivery = planned(by)
    made(asked(delivery, by))
    go_on(delivery, StepKind.HANDED_OVER, by, signature_count=1)

    assert withdrawals_of(found(delivery)) is None
