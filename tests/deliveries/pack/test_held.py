"""Of each record of a pack it is known which signature it was, whatever their numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.core.storage.database import session, transaction
from petition.core.storage.paging import LARGEST_ID
from petition.deliveries.pack import held
from petition.deliveries.pack.models import DeliveryPackHeld
from tests.deliveries.making import organiser, planned
from tests.deliveries.pack.asking import asked, made
from tests.factories import NOON, make_ask, rows, signed

pytestmark = pytest.mark.usefixtures("database")


def test_the_records_of_a_pack_lead_to_their_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "CHUNK", 2)
    ask = make_ask()
    numbers = [signed(ask, at=NOON)[0].id for _ in range(5)]
    pack = asked(planned(organiser()), organiser())
    made(pack)

    assert rows(DeliveryPackHeld) == 3
    wanted = [*numbers, numbers[-1] + 1]
    assert held.places(pack.id, wanted) == {number: at for at, number in enumerate(numbers, 1)}
    assert held.places(pack.id, numbers[3:4]) == {numbers[3]: 4}
    assert held.places(pack.id, []) == held.places(pack.id + 1, numbers) == {}
    session.commit()


@given(numbers=st.sets(st.integers(1, LARGEST_ID), min_size=1, max_size=9))
def test_numbers_come_back_whatever_lies_between_them(numbers: set[int]) -> None:
    ascending = sorted(numbers)

    assert held._unpacked(held._packed(ascending)) == ascending


def test_a_pack_of_nobody_keeps_nothing() -> None:
    make_ask()
    pack = asked(planned(organiser()), organiser())
    with transaction():
        held.keep(pack.id, [])

    assert rows(DeliveryPackHeld) == 0
