"""Every page tells whoever asked for a file that it is ready, until they know it."""

import pytest

from petition.organisers.models import Role
from tests.deliveries.pack import asking
from tests.factories import NOON
from tests.grounds.client import ReadingClient
from tests.grounds.exporting import work_off
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.deliveries import test_packs as packs
from tests.web.organiser.deliveries.records import planned
from tests.web.organiser.signatures.test_exports import EXPORTS, ask, make

HOME = "/organiser/"
pytestmark = pytest.mark.usefixtures("letters_open")


def told(client: ReadingClient, page: str = HOME) -> dict[str, str]:
    """Return the files of which a page tells: their words by where they lead."""
    links = client.visit(page).select(".notice__files a")
    return {str(link["href"]): link.get_text() for link in links}


def test_an_export_is_told_of_until_its_page_is_seen_and_not_where_it_is_listed(
    log_in: LogIn,
) -> None:
    client = log_in()
    page = str(ask(client).location)
    assert told(client) == {}
    work_off()

    [words] = told(client).values()
    assert words.endswith(f": file {page.rpartition('/')[2]}, Spreadsheet, CSV")
    assert list(told(client)) == [page]
    assert told(client, EXPORTS) == {}
    other = log_in(Role.EXPORTER)
    assert told(other) == {}  # it is for whoever asked for it
    other.visit(page)
    assert list(told(client)) == [page]
    assert told(client, page) == {}
    assert told(client) == {}


def test_a_pack_is_told_of_as_an_export_is(log_in: LogIn) -> None:
    Supporters().sign("Ada One", at=NOON)
    client = log_in(Role.EXPORTER)
    delivery = planned(client)
    page = packs.ask(client, delivery)
    assert told(client) == {}
    asking.work_off()

    [(address, words)] = told(client).items()
    assert address == page
    assert words.endswith(": pack for Foreign Secretary, United Kingdom")
    assert told(client, delivery) == {}
    assert told(client, page) == {}
    assert told(client) == {}


def test_of_many_files_five_are_named(log_in: LogIn) -> None:
    client = log_in()
    for _time in range(7):
        make(client)

    assert len(told(client)) == 5
    assert "And 2 more." in client.visit(HOME).get_text()
