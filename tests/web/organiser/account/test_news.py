"""Putting away what every page tells."""

import pytest

from petition.organisers.models import Role
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.door.test_ready_files import HOME, told
from tests.web.organiser.signatures.test_exports import make

AWAY = "form[action$=put-away]"
LETTERS = "/organiser/letters"
pytestmark = pytest.mark.any_database


def test_what_is_put_away_is_told_no_more_and_one_is_where_one_was(
    log_in: LogIn, supporters: Supporters
) -> None:
    client, other = log_in(), log_in(Role.EXPORTER)
    mine, theirs = make(client), make(other)
    page = client.visit(LETTERS)
    assert client.submit(LETTERS, page, {}, form=AWAY).location == LETTERS
    assert told(client) == {}
    assert list(told(other)) == [theirs]
    new = make(client)
    assert list(told(client)) == [new]
    assert mine != new


def test_one_is_led_to_no_other_site(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    make(client)
    for page in ("https://example.org/organiser/", "//example.org", "/organiser/\r\n", ""):
        shown = client.visit(LETTERS)
        assert client.submit(LETTERS, shown, {"page": page}, form=AWAY).location == HOME
        make(client)
