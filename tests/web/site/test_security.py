"""What every answer carries, and from where a post may come."""

import gzip
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from config import Config
from petition.app import create_app
from petition.signatures.models import Signature
from tests.factories import SLUG, rows
from tests.web.public.letters.writers import LETTER
from tests.web.public.people import Person, given, newest_link, page_of

pytestmark = pytest.mark.any_database

NADIA = "nadia@example.org"
TO_READ = ["/en/", page_of(), f"{page_of()}/share", "/en/privacy"]
NEVER_KEPT = [f"{page_of()}/manage", "/en/nothing", "/en/confirm/unknown", "/readyz", "/healthz"]
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize("path", [*TO_READ, *NEVER_KEPT, "/"])
def test_every_answer_carries_the_security_headers(path: str, person: Person) -> None:
    answer = person.client.get(path)
    for name, value in EXPECTED.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "Set-Cookie" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("path", [*TO_READ, f"{page_of()}/manage", "/en/nothing"])
def test_a_page_without_a_secret_tells_no_other_site_where_a_reader_comes_from(
    path: str, person: Person
) -> None:
    assert person.client.get(path).headers["Referrer-Policy"] == "no-referrer, same-origin"


@pytest.mark.parametrize("path", ["/en/confirm/unknown", "/en/unsubscribe/x", "/organiser/login"])
def test_a_page_under_a_secret_tells_nobody(path: str, person: Person) -> None:
    assert person.client.get(path).headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", NEVER_KEPT)
def test_what_is_not_for_everyone_is_stored_by_nobody(path: str, person: Person) -> None:
    assert person.client.get(path).headers["Cache-Control"] == "no-store"


def test_pages_about_a_person_are_stored_by_nobody(person: Person) -> None:
    inbox = person.signs(email=NADIA)
    pages = [inbox, person.client.get(newest_link(NADIA))]
    receipt = person.confirms(NADIA)
    pages += [person.client.get(receipt), person.client.get(receipt.removesuffix("/receipt"))]

    assert {page.headers["Cache-Control"] for page in pages} == {"no-store"}
    assert {page.headers["Referrer-Policy"] for page in pages[1:]} == {"no-referrer"}


@pytest.mark.parametrize("path", ["/en/confirm/abc).", "/confirm/abc/x", "/en/letters/draft/abc"])
def test_a_secret_that_was_copied_with_a_sign_too_many_is_told_to_nobody(
    path: str, person: Person
) -> None:
    answer = person.client.get(path)

    assert answer.status_code == 404
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_static_file_carries_the_security_headers_too(config: Config) -> None:
    app = create_app(replace(config, public_url="https://petitions.example.org"))
    builder = EnvironBuilder("/static/img/favicon.svg", "https://petitions.example.org")
    _body, status, headers = run_wsgi_app(app, builder.get_environ(), buffered=True)

    assert status == "200 OK"
    assert {name: headers[name] for name in EXPECTED} == EXPECTED
    assert headers["Strict-Transport-Security"] == "max-age=63072000"


def test_a_static_file_takes_nothing_and_its_refusal_has_the_headers_too(person: Person) -> None:
    answer = person.client.post("/static/img/favicon.svg")

    assert answer.status_code == 404
    assert {name: answer.headers[name] for name in EXPECTED} == EXPECTED


def test_on_tls_browsers_are_told_to_stay_there(config: Config) -> None:
    app = create_app(replace(config, public_url="https://petitions.example.org"))
    answer = app.test_client().get("/healthz", base_url="https://petitions.example.org")

    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"


def test_names_below_ours_are_asked_for_tls_only_where_a_setting_says_so(config: Config) -> None:
    asked = "max-age=63072000; includeSubDomains"
    app = create_app(replace(config, public_url="https://petitions.example.org", hsts=asked))
    answer = app.test_client().get("/healthz", base_url="https://petitions.example.org")

    assert answer.headers["Strict-Transport-Security"] == asked


@pytest.mark.parametrize("path", ["/en/", "/healthz", "/nothing", "/static/img/icon.svg"])
def test_a_request_that_names_no_host_is_refused_unless_it_is_of_the_older_kind(
    path: str, person: Person
) -> None:
    def without_host(protocol: str) -> int:
        builder = EnvironBuilder(path)
        environ = {**builder.get_environ(), "SERVER_PROTOCOL": protocol}
        del environ["HTTP_HOST"]
        _app, status, headers = run_wsgi_app(person.client.application, environ)
        assert {name: headers[name] for name in EXPECTED} == EXPECTED
        return int(status[:3])

    assert without_host("HTTP/1.1") == 400
    assert without_host("HTTP/1.0") == (404 if "nothing" in path or "static" in path else 200)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:x", "["])
def test_a_host_that_is_not_ours_is_refused(host: str, person: Person) -> None:
    for path in ("/en/", page_of(), "/", "/nothing", "/healthz"):
        answer = person.client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text


def post(person: Person, headers: dict[str, str]) -> int:
    """Send a good form with these headers; return the status."""
    hidden = person.client.visit(page_of()).select_one("#sign [name=token]")
    assert hidden is not None
    form = given(token=str(hidden["value"]))
    return person.client.post(page_of(), data=form, headers=headers).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "nonsense"},
    ],
)
def test_a_post_from_another_site_is_refused(headers: dict[str, str], person: Person) -> None:
    assert post(person, headers) == 403
    assert rows(Signature) == 0


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//[x]:y", "\x7f", "http://a]b"])
def test_an_origin_that_is_no_address_is_refused_and_no_fault(origin: str, person: Person) -> None:
    assert post(person, {"Origin": origin}) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Referer": "http://localhost/en/petitions/x"},
        {},  # a program's, which could say whatever it likes
    ],
)
def test_a_post_from_our_own_page_is_taken(headers: dict[str, str], person: Person) -> None:
    assert post(person, headers) == 200
    assert rows(Signature) == 1


NAMES_NOBODY: list[dict[str, str]] = [
    {"Origin": "null"},
    {"Origin": "null", "Referer": "http://localhost/en/"},
    {"Referer": "https://evil.example/http://localhost"},
    {"Referer": "null"},
]


@pytest.mark.parametrize("headers", NAMES_NOBODY)
def test_an_older_browser_has_to_name_our_page_where_anybody_may_post(
    headers: dict[str, str], person: Person
) -> None:
    assert post(person, headers) == 403
    for path in (f"{page_of()}/manage", f"/en/letters/{LETTER}", f"/en/embed/{SLUG}/sign"):
        assert person.client.post(path, data=given(), headers=headers).status_code == 403
    assert rows(Signature) == 0


@pytest.mark.parametrize("headers", [{"Origin": "null"}, {}])
def test_under_a_secret_link_it_need_not(headers: dict[str, str], person: Person) -> None:
    person.signs(email=NADIA)
    answer = person.client.post(newest_link(NADIA), headers=headers)
    manage = answer.headers["Location"].removesuffix("/receipt")
    answer = person.client.post(f"{manage}/withdraw", headers=headers)

    assert answer.headers["Location"].endswith("?done=withdrawn")


def test_every_form_of_the_door_refuses_posts_of_other_sites(person: Person, app: Flask) -> None:
    manage = person.has_signed(email=NADIA)
    person.signs(email="other@example.org")
    paths = [newest_link("other@example.org"), f"{page_of()}/manage"]
    paths += [f"{manage}/{verb}" for verb in ("appearance", "mail", "withdraw", "erase")]

    for path in paths:
        answer = person.client.post(path, data={"sure": "y"}, headers={"Origin": "http://evil"})
        assert answer.status_code == 403
        assert "the form came from elsewhere" in answer.text


def test_static_files_are_named_by_their_content(person: Person) -> None:
    page = person.client.visit(page_of())
    sheet = page.select_one("link[rel=stylesheet]")
    assert sheet is not None
    answer = person.client.get(str(sheet["href"]))

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    packed = person.client.get(str(sheet["href"]), headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == answer.data
    assert "Content-Encoding" not in answer.headers
    assert {answer.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}
    assert person.client.get("/site-0000000000000000.css").status_code == 404
