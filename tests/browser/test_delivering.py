"""A whole delivery: exported, packed, handed over, answered, read of, verified and sampled."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from petition.core.clock import now
from petition.petitions.asks import find_ask
from tests import factories
from tests.browser.deliverers import Deliverer, Official, Signer
from tests.faults.looking import database_of
from tests.grounds.browsing import NewPage
from tests.grounds.servers import Server

pytestmark = pytest.mark.browser

SIGNERS, SAMPLE = 24, 12
BEFORE = timedelta(days=2)


@pytest.fixture(scope="module")
def signed(live_server: Server) -> Iterator[tuple[Server, str]]:
    """A server with a petition that some have signed, two days ago; and its title."""
    with database_of(live_server):
        ask = find_ask(factories.SLUG, "en")
        assert ask is not None
        for number in range(SIGNERS):
            who = factories.signer(name=f"Nadia Sample{number}", mail_allowed=number % 2 == 0)
            factories.signed(ask, who, at=now() - BEFORE)
        yield live_server, ask.title


@pytest.mark.parametrize(
    ("phone", "office"),
    [(False, "Foreign Secretary"), (True, "Minister of Foreign Affairs")],
    ids=["desktop", "phone"],
)
def test_what_an_organiser_hands_over_a_signer_reads_of_and_an_official_can_check(
    signed: tuple[Server, str], new_page: NewPage, tmp_path: Path, phone: bool, office: str
) -> None:
    server, title = signed
    axe = phone  # once is enough
    olive = Deliverer(new_page(phone=phone), server, axe)
    nadia = Signer(new_page(phone=phone), server, axe)
    omar = Official(new_page(phone=phone), server, axe)
    olive.joins_and_logs_in("phone@example.org" if phone else "desk@example.org")
    rows = olive.exports_for_her_crm(title, tmp_path)
    assert len(rows) == SIGNERS
    assert {row["is_opt_out"] for row in rows} == {"0", "1"}
    olive.plans(title, office)
    pack = olive.makes_a_pack(tmp_path)
    olive.goes_on_where_a_download_broke_off(pack)
    olive.goes_back()
    olive.hands_it_over("Her private office")
    olive.records_the_answer("We will consider it.")

    nadia.opens_petition(title)
    nadia.reads(f"Handed over: {SIGNERS} signatures", office)
    nadia.follows("All deliveries")
    nadia.sees("Deliveries")
    nadia.follows(office)
    nadia.sees(f"{office} {title}")
    nadia.reads("Her private office", "We will consider it.")
    nadia.sees_the_picture("A stamped receipt")

    omar.checks_it_offline(pack)
    key = server.flask("deliveries", "key").stdout.splitlines()[1]
    assert "comes from the holder of the key " in omar.runs_its_verifier(pack, key)
    drawn = omar.draws_a_sample(pack, seed="07 19 28", size=SAMPLE)
    assert f"draws these {SAMPLE} of {SIGNERS} rows" in drawn

    olive.enters_what_the_office_found(size=SAMPLE, valid=SAMPLE - 3, needed=12)
    olive.reads("As projected, 18 of 24 are valid", "By the rule of Washington", "WAC 434-379-010")
