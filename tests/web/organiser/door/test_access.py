"""Every page of this door, tried by every role, by half a login, and by nobody."""

from typing import Any, cast

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import sessions
from petition.organisers.models import Role
from petition.organisers.permissions import PERMISSIONS, Permission
from petition.petitions.models import Petition
from petition.web.organiser.door import guard
from petition.web.organiser.door.access import ACCESS, Door
from tests.grounds.client import ReadingClient
from tests.letters.posting import LETTER
from tests.organisers.people import enrol, join
from tests.web.organiser.conftest import SLUG, LogIn

pytestmark = pytest.mark.any_database

LOGIN = "/organiser/login"
Page = tuple[str, str, str]


def pages(app: Flask) -> list[Page]:
    """Return endpoint, method and address of each thing that this door does."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("organiser."):
                given = {"slug": slug_for(rule.endpoint), "number": 1, "token": "unknown"}
                given |= {"kind": "closed", "pack_number": 1, "step": 1, "file_number": 1}
                given |= {"page": "answered"}
                values: dict[str, Any] = {name: given[name] for name in rule.arguments}
                url = app.url_for(rule.endpoint, **values)
                found += [
                    (rule.endpoint, m, url) for m in (rule.methods or set()) & {"GET", "POST"}
                ]
    return sorted(found)


def slug_for(endpoint: str) -> str:
    """Return the slug of something that this part of the door is about."""
    return LETTER if "letters." in endpoint else SLUG


def request(client: ReadingClient, method: str, url: str) -> TestResponse:
    """Ask for the page; post with a good CSRF token and nothing else."""
    data = {"csrf_token": csrf_token(client)} if method == "POST" else None
    return client.open(url, method=method, data=data, headers={"Sec-Fetch-Site": "same-origin"})


def csrf_token(client: ReadingClient) -> str:
    """Return a token that fits the cookie of this browser."""
    page = client.visit("/organiser/")
    field = page.select_one("input[name=csrf_token]")
    assert field is not None
    return str(field["value"])


def test_every_route_has_its_line_and_every_line_its_route(app: Flask) -> None:
    assert {endpoint for endpoint, _, _ in pages(app)} == set(ACCESS)


def test_a_route_without_a_line_stays_shut(
    app: Flask, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in()
    shorter = {
        name: who for name, who in ACCESS.items() if name != "organiser.signatures.petitions.index"
    }
    monkeypatch.setattr(guard, "ACCESS", shorter)

    client.visit("/organiser/", status=403)


@pytest.mark.usefixtures("petition")
def test_nobody_is_led_to_the_login_from_everywhere(app: Flask, client: ReadingClient) -> None:
    for endpoint, method, url in pages(app):
        answer = request(client, method, url)
        if ACCESS[endpoint] is not Door.ANYONE:
            assert (answer.status_code, answer.location) == (303, LOGIN), f"{method} {url}"


@pytest.mark.usefixtures("petition")
def test_half_a_login_opens_nothing_but_the_second_step(app: Flask, client: ReadingClient) -> None:
    organiser = join()
    enrol(organiser)
    with transaction():
        token = sessions.begin(organiser.id, now())
    with client.session_transaction("/organiser/") as cookie:
        cookie["token"] = token

    for endpoint, method, url in pages(app):
        if endpoint == "organiser.account.logging_in.logout":
            continue
        if not isinstance(ACCESS[endpoint], Door) or ACCESS[endpoint] is Door.SIGNED_IN:
            answer = request(client, method, url)
            assert answer.location == "/organiser/login/code", f"{method} {url}"
    assert request(client, "GET", "/organiser/authenticator").location == "/organiser/"
    assert request(client, "POST", "/organiser/authenticator/later").status_code == 403


@pytest.mark.usefixtures("petition")
@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_its_permissions_say(app: Flask, log_in: LogIn, role: Role) -> None:
    client = log_in(role)
    for endpoint, method, url in pages(app):
        needed = ACCESS[endpoint]
        if isinstance(needed, Permission):
            answer = request(client, method, url)
            refused = answer.status_code == 403
            assert refused == (needed not in PERMISSIONS[role]), f"{method} {url}"
            assert answer.status_code < 500


@pytest.mark.usefixtures("petition")
def test_nothing_is_posted_without_a_token(app: Flask, log_in: LogIn) -> None:
    client = log_in()
    for _, method, url in pages(app):
        if method == "POST":
            answer = client.post(url, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 400, url
            assert "out of date" in answer.text


def test_the_token_of_another_browser_is_refused(app: Flask, log_in: LogIn) -> None:
    client = log_in()
    strangers = csrf_token(cast("ReadingClient", app.test_client()))

    answer = client.post("/organiser/sessions/end-all", data={"csrf_token": strangers})

    assert answer.status_code == 400


@pytest.mark.usefixtures("petition")
def test_a_post_from_another_site_is_refused(log_in: LogIn) -> None:
    client = log_in()
    answer = client.post(
        "/organiser/logout",
        data={"csrf_token": csrf_token(client)},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403


@pytest.mark.usefixtures("petition")
def test_no_page_of_this_door_is_stored(app: Flask, log_in: LogIn) -> None:
    client = log_in()
    for _, method, url in pages(app):
        if method == "GET":
            assert client.get(url).headers["Cache-Control"] == "no-store", url


@pytest.mark.usefixtures("petition")
def test_pages_that_do_not_exist_are_not_found(log_in: LogIn) -> None:
    client = log_in()
    for path in (
        "/organiser/nothing",
        "/organiser/petitions/nothing/signatures",
        "/organiser/petitions/nothing/exports",
        "/organiser/letters/nothing",
        "/organiser/letters/nothing/answers",
        "/organiser/letters/nothing/waiting",
    ):
        client.visit(path, status=404)
    for path in ("/organiser/petitions/nothing/deliveries", "/organiser/deliveries/1"):
        client.visit(path, status=404)
    huge = f"/organiser/petitions/{SLUG}/signatures/{2**63}/accept"
    assert request(client, "POST", huge).status_code == 404
    assert request(client, "POST", huge.replace(str(2**63), str(2**63 - 1))).status_code == 404
    assert request(client, "POST", "/organiser/letters/nothing/stop").status_code == 404
    assert request(client, "POST", "/organiser/letters/nothing/resume").status_code == 404


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: ReadingClient) -> None:
    cookie = client.get(LOGIN).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_a_stranger_with_a_made_up_session_is_nobody(
    client: ReadingClient, petition: Petition
) -> None:
    with client.session_transaction("/organiser/") as cookie:
        cookie["token"] = "made up"
    assert client.get("/organiser/").location == LOGIN

    with client.session_transaction("/organiser/") as cookie:
        cookie["token"] = 7
    assert client.get("/organiser/").location == LOGIN
