"""Putting away what every page tells."""

import pytest

from petition.organisers.models import Role
from tests.grounds.client import filled_in
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.door.test_ready_files import HOME, told
from tests.web.organiser.signatures.test_exports import make

AWAY = "form[action$=put-away]"
LETTERS = "/organiser/letters"
MAY_ASK = "connect-src 'self'"
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


def test_only_what_was_shown_is_put_away_and_nothing_of_others(
    log_in: LogIn, supporters: Supporters
) -> None:
    client, other = log_in(), log_in(Role.EXPORTER)
    first = [make(client) for _time in range(6)]
    theirs = make(other)
    page = client.visit(LETTERS)
    since = make(client)
    client.submit(LETTERS, page, {}, form=AWAY)
    assert list(told(client)) == [first[5], since]

    of_others = [str(one["value"]) for one in other.visit(LETTERS).select(f"{AWAY} [name=file]")]
    for numbers in (of_others, ["x", "9" * 40, ""]):
        given = {"file": numbers}
        client.submit(LETTERS, client.visit(LETTERS), given, form=AWAY)
    assert list(told(other)) == [theirs]
    assert list(told(client)) == [first[5], since]


def test_a_script_is_told_that_it_was_done_and_not_where_one_has_to_log_in(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    assert MAY_ASK not in client.get(LETTERS).headers["Content-Security-Policy"]
    make(client)
    assert MAY_ASK in client.get(LETTERS).headers["Content-Security-Policy"]
    form = client.visit(LETTERS).select_one(AWAY)
    assert form is not None
    given = {**filled_in(form, {}), "stays": ""}
    assert client.post(str(form["action"]), data=given).status_code == 204
    assert told(client) == {}

    client.delete_cookie("organiser")
    assert client.post(str(form["action"]), data=given).status_code != 204


def test_one_is_led_to_no_other_site(log_in: LogIn, supporters: Supporters) -> None:
    client = log_in()
    make(client)
    for page in ("https://example.org/organiser/", "//example.org", "/organiser/\r\n", ""):
        shown = client.visit(LETTERS)
        assert client.submit(LETTERS, shown, {"page": page}, form=AWAY).location == HOME
        make(client)
