"""What is counted in place of addresses, however a proxy writes them."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from config import Config
from petition.core.clock import now
from petition.core.storage.database import session
from petition.holds.models import Hold
from petition.web.forms import networks
from petition.web.forms.networks import network_of
from tests.grounds.client import ORIGIN
from tests.web.public.people import Person, given, page_of

pytestmark = pytest.mark.any_database

LIMIT = 3


@pytest.fixture
def config(config: Config) -> Config:
    """An install behind a proxy, whose limit for a network is reached soon."""
    return replace(config, proxies=1, network_limit=LIMIT, domain_limit=1_000)


IPV4 = "198.51.100.0/24"
IPV6 = "2001:db8:1::/48"


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("198.51.100.77", IPV4),
        ("198.51.100.77:4711", IPV4),
        (" 198.51.100.77 ", IPV4),
        ("::ffff:198.51.100.77", IPV4),
        ("::FFFF:c633:644d", IPV4),
        ("[::ffff:198.51.100.77]:4711", IPV4),
        ("64:ff9b::198.51.100.77", IPV4),
        ("2001:db8:1:2::3", IPV6),
        ("[2001:db8:1:2::3]", IPV6),
        ("[2001:db8:1:2::3]:4711", IPV6),
        ('"[2001:db8:1:2::3]:4711"', IPV6),
        ("2001:db8:1:2::3%eth0", IPV6),
        ("::1", "::/48"),
        ("unknown", None),
        ("_hidden", None),
        ("", None),
        ("[", None),
        (":4711", None),
        ("1" * 100_000, None),
        ("198.51.100.77, 203.0.113.1", None),
        (None, None),
    ],
)
def test_a_network_is_wider_than_an_address_however_it_is_written(
    ip: str | None, network: str | None
) -> None:
    assert network_of(ip) == network


def signs_from(person: Person, seen: str, times: int = 1) -> None:
    """Sign from the address that the proxy says it has seen."""
    hidden = person.client.visit(page_of()).select_one("#sign [name=token]")
    assert hidden is not None
    with time_machine.travel(now() + timedelta(seconds=30)):
        for _ in range(times):
            answer = person.client.post(
                page_of(),
                data=given(token=str(hidden["value"])),
                headers={"Origin": ORIGIN, "X-Forwarded-For": seen},
            )
            assert answer.status_code == 200


def held() -> int:
    """Return how many signatures wait."""
    found = session.query(Hold).count()
    session.commit()
    return found


@pytest.mark.parametrize("written", ["{}", "::ffff:{}", "{}:4711", "[::ffff:{}]:4711"])
def test_as_many_networks_are_counted_as_the_proxy_names(written: str, person: Person) -> None:
    for number in range(LIMIT + 2):
        signs_from(person, written.format(f"198.51.{number}.7"))
    assert held() == 0
    signs_from(person, written.format("198.51.0.8"), LIMIT)

    assert held() == 1


@pytest.mark.parametrize("written", ["unknown", "_hidden", "198.51.100"])
def test_who_comes_from_nowhere_known_is_counted_for_nobody_and_said_once(
    written: str, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    networks._warn_once.cache_clear()
    signs_from(person, written, LIMIT + 2)

    assert held() == 0
    said = [one for one in caplog.records if "without a network" in one.getMessage()]
    assert [one.levelname for one in said] == ["WARNING"]
    assert written not in said[0].getMessage()
