"""The rows of a pack as they are stored: what of a postcode an official may know is counted."""

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import update

from petition.core.storage.database import session, transaction
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.rows import area_of
from petition.deliveries.pack.writing.counts import COUNTS
from petition.petitions.asks import Ask
from petition.petitions.models import Petition
from tests.deliveries.making import organiser, planned
from tests.deliveries.pack.asking import asked, made
from tests.deliveries.pack.packs import unpacked
from tests.factories import NOON, make_ask, signed, signer


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


@pytest.fixture
def delivery(ask: Ask) -> int:
    """A delivery of its signatures, planned to hold those of today."""
    return planned(organiser())


@pytest.mark.parametrize("tier", [Tier.NAMES, Tier.COUNTS])
def test_areas_are_counted_where_the_petition_asks_for_them(
    ask: Ask, delivery: int, tier: Tier
) -> None:
    for country, postcode in (("GB", "sw1a 2ah"), ("GB", "SW1 1AA"), ("GB", "?"), ("FR", "75001")):
        signed(ask, signer(country=country, postcode=postcode))
    assert ",GB SW," not in unpacked(made(asked(delivery, organiser(), tier)))[COUNTS].decode()
    with transaction():
        session.execute(update(Petition).values(routes_by_area=True))
    content = made(asked(delivery, organiser(), tier))
    said = unpacked(content)[COUNTS].decode("utf-8-sig").splitlines()

    assert [line for line in said if line.startswith("area")] == [
        *("area,FR,1", "area,GB,1", "area,GB SW,2")
    ]
    assert b"2AH" not in content
    assert b"2ah" not in content


@pytest.mark.parametrize(
    ("country", "postcode", "area"),
    [
        ("GB", "e1 4ns", "GB E"),
        ("GB", "SW1A2AH", "GB SW"),
        ("GB", "SW1A", "GB"),
        ("CA", "k1a 0b1", "CA K1A"),
        ("CA", "K1A", "CA"),
        ("US", "20500", "US 205"),
        ("US", "20500-0003", "US 205"),
        ("US", "2050", "US"),
        ("DE", "10115", "DE"),
        ("GB", "", "GB"),
    ],
)
def test_of_a_postcode_the_area_alone_is_counted(country: str, postcode: str, area: str) -> None:
    assert area_of(country, postcode) == area
