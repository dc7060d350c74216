"""A login leads back to the page that asked for it."""

import pytest
from flask import Flask

from petition.organisers.models import Organiser
from tests.grounds.client import ReadingClient
from tests.organisers.people import PASSWORD, code_of, enrol, join
from tests.web.organiser.conftest import LogIn

LOGIN, CODE, HOME = "/organiser/login", "/organiser/login/code", "/organiser/"


@pytest.fixture
def owner(app: Flask) -> Organiser:
    organiser = join()
    enrol(organiser)
    return organiser


def log_in(client: ReadingClient, owner: Organiser) -> str | None:
    """Take both steps; return where they lead."""
    first = {"email": owner.identity.email, "password": PASSWORD}
    client.submit(LOGIN, client.visit(LOGIN), first)
    second = {"code": code_of(owner)}
    return client.submit(CODE, client.visit(CODE), second, form="form.desk__form").location


def test_a_login_leads_back_to_the_page_that_asked_for_it(
    client: ReadingClient, owner: Organiser
) -> None:
    deep = "/organiser/petitions/some-petition/signatures?state=on_hold"
    assert client.get(deep).location == LOGIN
    assert log_in(client, owner) == deep
    with client.session_transaction(HOME) as cookie:
        assert "destination" not in cookie


@pytest.mark.any_database
@pytest.mark.parametrize("path", ["//example.org/", "https://example.org/organiser/", "/en/", 7])
def test_a_login_leads_to_no_other_door(
    client: ReadingClient, owner: Organiser, path: object
) -> None:
    with client.session_transaction(HOME) as cookie:
        cookie["destination"] = path

    assert log_in(client, owner) == HOME


@pytest.mark.parametrize("slug", ["a%00b", "a%0d%0aX:y", "A", "..", "%C3%A9"])
def test_an_address_that_can_be_no_petition_breaks_no_page(slug: str, log_in: LogIn) -> None:
    client = log_in()

    for page in ("exports", "signatures"):
        assert client.get(f"/organiser/petitions/{slug}/{page}").status_code == 404
