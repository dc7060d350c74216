"""Which offices were handed a signature: with its name, without it, or nobody can tell."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, update

from petition.core.clock import now
from petition.core.storage.database import engine, rows_of, session, transaction
from petition.deliveries.models import StepKind
from petition.deliveries.pack.models import DeliveryPackHeld
from petition.deliveries.pack.records import Tier
from petition.deliveries.striking.offices import offices_that_have
from petition.signatures import removals
from petition.signatures.models import Signature
from tests.deliveries.making import (
    OFFICE,
    OTHER_OFFICE,
    ago,
    go_on,
    handed_over,
    organiser,
    planned,
)
from tests.deliveries.pack.asking import asked, made
from tests.factories import NOON, make_ask, newest_signature, sign, signed, signer

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.any_database]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def has(number: int) -> list[tuple[str, str]]:
    """Return the country of each office that has a signature, and what it has."""
    session.remove()
    found = offices_that_have(session.get_one(Signature, number))
    return [(one.delivery.jurisdiction, one.has.value) for one in found]


def test_an_office_has_what_its_pack_held_and_another_way_is_unknown(
    clock: time_machine.Traveller,
) -> None:
    ask, by = make_ask(), organiser()
    early = signed(ask)[0].id
    for to, tier in ((OFFICE, Tier.NAMES), (OTHER_OFFICE, Tier.COUNTS)):
        made(pack := asked(number := planned(by, to=to), by, tier))
        day = ago(0 if to == OFFICE else -1)
        go_on(number, StepKind.HANDED_OVER, by, day, signature_count=1, pack_id=pack.id)
    clock.shift(timedelta(hours=2))
    late = signed(ask, at=now())[0].id
    assert has(early) == [("CA", "country"), ("GB", "name")]
    assert has(late) == []
    handed_over(by, to="us-secretary-of-state", at=now())
    mistaken = handed_over(by, at=now())
    go_on(mistaken, StepKind.RETRACTED, by)

    sign(ask, signer())
    assert has(newest_signature().id) == []
    with transaction():
        removals.withdraw(session.get_one(Signature, early), now())
    assert sorted(has(early)) == [("CA", "country"), ("GB", "name"), ("US", "unknown")]


def test_paper_alone_is_unknown_though_there_is_a_pack() -> None:
    ask, by = make_ask(), organiser()
    number = signed(ask)[0].id
    made(asked(delivery := planned(by), by, Tier.NAMES))
    go_on(delivery, StepKind.HANDED_OVER, by, signature_count=1)

    assert has(number) == [("GB", "unknown")]


def test_who_left_and_signed_again_may_be_with_the_office_still(
    clock: time_machine.Traveller,
) -> None:
    ask, by = make_ask(), organiser()
    again = signer()
    number = signed(ask, again)[0].id
    handed_over(by)
    clock.shift(timedelta(days=2))
    with transaction():
        removals.withdraw(session.get_one(Signature, number), now())
    signed(ask, again, at=now())

    assert newest_signature().id == number
    assert newest_signature().confirmed_at == now()
    assert has(number) == [("GB", "unknown")]


def test_what_is_kept_of_a_pack_and_broken_leaves_its_office_unknown() -> None:
    ask, by = make_ask(), organiser()
    number = signed(ask)[0].id
    for to in (OFFICE, OTHER_OFFICE):
        made(pack := asked(delivery := planned(by, to=to), by))
        go_on(delivery, StepKind.HANDED_OVER, by, signature_count=1, pack_id=pack.id)
    its = rows_of(DeliveryPackHeld)
    with transaction():
        session.execute(update(its).where(its.c.pack_id == pack.id).values(content=b"broken"))

    assert sorted(has(number)) == [("CA", "unknown"), ("GB", "name")]


def test_more_hand_overs_take_no_more_statements() -> None:
    ask, by = make_ask(), organiser()
    number, sent, taken = signed(ask)[0].id, list[str](), list[int]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    for to in (OFFICE, OTHER_OFFICE):
        made(pack := asked(delivery := planned(by, to=to), by))
        go_on(delivery, StepKind.HANDED_OVER, by, signature_count=1, pack_id=pack.id)
        sent.clear()
        event.listen(engine(), "before_cursor_execute", note)
        assert ("GB", "name") in has(number)
        event.remove(engine(), "before_cursor_execute", note)
        taken.append(len(sent))

    assert taken[0] == taken[1]
