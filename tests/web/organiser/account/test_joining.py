"""From an invitation to the first page: password, authenticator, recovery codes."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pyotp
import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from config import Config
from petition.app import create_app
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.organisers import invitations, recovery_codes
from petition.organisers.models import Organiser, Role
from petition.organisers.queries import organiser_by_email
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.organisers.people import PASSWORD, enrol, join

ENROL = "/organiser/authenticator"
GIVEN = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def link(app: Flask) -> str:
    return path_to(invite())


def invite(email: str = "ada@example.org", role: Role = Role.EDITOR) -> str:
    with transaction():
        return invitations.invite(email, role, now())


def path_to(token: str) -> str:
    return f"/organiser/join/{token}"


def accept(client: ReadingClient, link: str, **given: str) -> TestResponse:
    return client.submit(link, client.visit(link), GIVEN | given, form="form.desk__form")


def shown_secret(page: BeautifulSoup) -> str:
    code = page.select_one("[data-secret]")
    assert code is not None
    return code.get_text().replace(" ", "")


def scan(client: ReadingClient, page: BeautifulSoup) -> TestResponse:
    """Type the code of an app that has scanned the picture on the page."""
    code = pyotp.TOTP(shown_secret(page)).now()
    return client.submit(ENROL, page, {"code": code}, form="form.desk__form")


def ada() -> Organiser:
    session.expire_all()
    found = organiser_by_email("ada@example.org")
    assert found is not None
    return found


def test_an_invitation_leads_to_the_petitions(client: ReadingClient, link: str) -> None:
    assert accept(client, link).location == ENROL
    answer = scan(client, client.visit(ENROL))
    codes = [code.get_text() for code in parse(answer.text).select(".codes code")]

    assert len(codes) == 10
    assert client.visit("/organiser/").select_one("h1") is not None
    assert ada().has_authenticator
    assert recovery_codes.are_all_of(ada().id, codes)


def test_opening_an_invitation_uses_nothing_up(client: ReadingClient, link: str) -> None:
    client.visit(link)
    client.head(link)

    assert accept(client, link).status_code == 303


def test_an_invitation_that_was_used_says_what_to_do(
    app: Flask, client: ReadingClient, link: str
) -> None:
    accept(client, link)

    page = cast("ReadingClient", app.test_client()).visit(link, status=410)
    assert "Log in" in page.get_text()


def test_old_and_unknown_invitations_say_what_to_do(client: ReadingClient, link: str) -> None:
    client.visit(path_to("unknown"), status=410)
    with time_machine.travel(now() + timedelta(hours=73), tick=False):
        client.visit(link, status=410)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "Enter your name"),
        ({"name": "a\u202eb"}, "cannot be seen"),
        ({"email": "ada"}, "Enter an e-mail address in full"),
        ({"email": "eve@example.org"}, "The invitation is for another address"),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"again": "something else"}, "not the same"),
        ({"password": "ada@example.org", "again": "ada@example.org"}, "no passwords"),
        ({"password": ""}, "Choose a password"),
    ],
)
def test_bad_input_keeps_what_was_typed_and_the_invitation(
    client: ReadingClient, link: str, given: dict[str, str], words: str
) -> None:
    answer = accept(client, link, **given)

    assert answer.status_code == 422
    page = parse(answer.text)
    assert words in page.select_one(".error-summary").get_text()  # type: ignore[union-attr]
    assert PASSWORD not in answer.text
    if "name" not in given:
        assert page.select_one("#name")["value"] == "Ada"  # type: ignore[index]
    assert accept(client, link).status_code == 303


def test_a_wrong_first_code_keeps_the_picture(client: ReadingClient, link: str) -> None:
    accept(client, link)
    page = client.visit(ENROL)
    answer = client.submit(ENROL, page, {"code": "000000"}, form="form.desk__form")
    assert answer.status_code == 422

    again = parse(answer.text)
    assert shown_secret(again) == shown_secret(page)
    assert scan(client, again).status_code == 200


def test_a_secret_that_we_did_not_offer_is_not_enrolled(client: ReadingClient, link: str) -> None:
    accept(client, link)
    page = client.visit(ENROL)
    own = pyotp.random_base32()
    values = {"code": pyotp.TOTP(own).now(), "offer": own}
    answer = client.submit(ENROL, page, values, form="form.desk__form")

    assert answer.status_code == 422
    assert not ada().has_authenticator


def test_the_picture_is_drawn_in_the_page(client: ReadingClient, link: str) -> None:
    accept(client, link)
    picture = client.visit(ENROL).select_one("figure[role=img] svg")

    assert picture is not None
    assert picture.select("path")


def test_the_first_code_does_not_work_a_second_time(client: ReadingClient, link: str) -> None:
    accept(client, link)
    with time_machine.travel(now(), tick=False):
        scan(client, client.visit(ENROL))
        code = pyotp.TOTP(ada().secret or "").at(now())
        client.delete_cookie("organiser")
        login = "/organiser/login"
        given = {"email": "ada@example.org", "password": PASSWORD}
        client.submit(login, client.visit(login), given)
        page = client.visit("/organiser/login/code")
        answer = client.submit("/organiser/login/code", page, {"code": code}, form=".desk__form")

    assert answer.status_code == 422


def test_later_is_offered_on_loopback_and_asked_for_again(client: ReadingClient, link: str) -> None:
    accept(client, link)
    page = client.visit(ENROL)
    answer = client.submit(ENROL, page, {}, form="form.entry__later")
    assert answer.location == "/organiser/"
    assert client.get("/organiser/").status_code == 200

    page = client.visit("/organiser/sessions")
    assert page.select_one(f"a[href='{ENROL}']") is not None
    assert scan(client, client.visit(ENROL)).status_code == 200


def test_later_does_not_exist_where_others_reach_the_site(config: Config) -> None:
    application = create_app(replace(config, host="0.0.0.0"))
    application.test_client_class = ReadingClient
    client = cast("ReadingClient", application.test_client())
    accept(client, path_to(invite()))
    page = client.visit(ENROL)
    token = page.select_one("input[name=csrf_token]")
    assert token is not None

    assert page.select("form.entry__later") == []
    answer = client.post(f"{ENROL}/later", data={"csrf_token": token["value"]})
    assert answer.status_code == 403
    assert client.get("/organiser/").location == ENROL


def test_whoever_put_it_off_must_enrol_once_the_site_is_open_to_others(
    config: Config, client: ReadingClient, link: str
) -> None:
    accept(client, link)
    client.submit(ENROL, client.visit(ENROL), {}, form="form.entry__later")
    client.application.config["PETITION"] = replace(config, host="0.0.0.0")

    assert client.get("/organiser/").location == ENROL


def test_a_reset_link_sets_a_password_and_asks_for_a_new_authenticator(
    client: ReadingClient, app: Flask
) -> None:
    organiser = join(email="ada@example.org")
    enrol(organiser)
    with transaction():
        link = path_to(invitations.reset(organiser, now()))
    given = {"password": "another long sentence", "again": "another long sentence"}
    page = client.visit(link)
    assert page.select("#email") == []

    assert client.submit(link, page, given, form="form.desk__form").location == ENROL
    assert scan(client, client.visit(ENROL)).status_code == 200
    client.visit(link, status=410)


def test_a_reset_refuses_an_easy_password_and_stays_good(client: ReadingClient, app: Flask) -> None:
    organiser = join(email="ada@example.org")
    with transaction():
        link = path_to(invitations.reset(organiser, now()))
    for bad in ("short", "ada@example.org"):
        given = {"password": bad, "again": bad}
        answer = client.submit(link, client.visit(link), given, form="form.desk__form")
        assert answer.status_code == 422

    client.visit(link)
