"""Requests that no browser sends: octets, addresses, headers and bodies of every kind."""

import http.client
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, quote_from_bytes

import pytest
import time_machine
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Config
from petition.core.memory import forget_everything
from petition.signatures.models import Signature
from tests.factories import NOON, load_sample, newest_signature, rows
from tests.faults.visitors import Visitor, filled
from tests.grounds.naughty import FRAGMENTS, octets
from tests.grounds.servers import Server
from tests.web.public.people import page_of
from tests.web.public.posting import Poster, hold, poster

pytestmark = pytest.mark.slow("sends hundreds of requests that no browser sends")

MANY = settings(max_examples=480)
LEAST_EXAMPLES = 20
PARTS = (
    *("/en/petitions/{}", "/en/petitions/{}/manage", "/en/confirm/{}", "/en/manage/{}", "/p/{}"),
    *("/en/petitions/{}/share", "/en/petitions/{}/card.png", "/en/petitions/{}/sheet.pdf"),
    *("/en/embed/{}", "/en/embed/{}/sign", "/en/unsubscribe/{}"),
)
HEADERS = (
    *("ACCEPT_LANGUAGE", "ORIGIN", "HOST", "SEC_FETCH_SITE", "USER_AGENT", "COOKIE", "REFERER"),
    *(
        "ACCEPT",
        "IF_NONE_MATCH",
        "IF_MODIFIED_SINCE",
        "RANGE",
        "X_FORWARDED_FOR",
        "X_FORWARDED_HOST",
    ),
)
ODD_HEADERS = ("", "[", "http://[", "null", "*", "a;q=x", "bytes=9-1", ":0", "localhost:x", "\xff")


@pytest.fixture
def config(config: Config) -> Config:
    """An install that lets any number sign from one network."""
    return replace(config, network_limit=1_000_000, domain_limit=1_000_000)


@pytest.fixture
def sender(clock: time_machine.Traveller, app: Flask) -> Poster:
    """Somebody who has had the form open for a while."""
    load_sample(NOON - timedelta(days=10))
    made = poster(app)
    clock.shift(30)
    return made


@pytest.fixture
def some(examples: int) -> settings:
    """As many made-up requests as this run and database have time for."""
    return settings(max_examples=max(examples, LEAST_EXAMPLES))


def body(token: str, field: str, value: bytes) -> bytes:
    """Return a form in which one field holds these octets."""
    form = filled(token, "nadia@example.org")
    pairs = {name: quote(typed).encode() for name, typed in form.items()}
    pairs[field] = quote_from_bytes(value).encode()
    return b"&".join(name.encode() + b"=" + typed for name, typed in pairs.items())


@pytest.mark.parametrize("field", ["name", "email", "country", "reason", "token", "website"])
def test_octets_that_are_no_text_are_refused_or_taken_as_such(
    field: str, sender: Poster, some: settings
) -> None:
    @some
    @given(octets())
    def post(value: bytes) -> None:
        sender.raw(page_of(), body(sender.token, field, value))

    post()
    if rows(Signature):
        newest_signature().opened()


@pytest.mark.parametrize("pattern", PARTS)
def test_no_part_of_an_address_breaks_a_page(pattern: str, sender: Poster, some: settings) -> None:
    @some
    @given(octets())
    def visit(value: bytes) -> None:
        forget_everything()
        sender.get(pattern.format(quote_from_bytes(value, safe="")))

    visit()
    for fragment in FRAGMENTS:
        sender.get(pattern.format(quote(fragment[:3000], safe="")))


def test_no_query_breaks_a_page(sender: Poster, some: settings) -> None:
    @some
    @given(octets(), octets())
    def visit(name: bytes, value: bytes) -> None:
        query = quote_from_bytes(name) + "=" + quote_from_bytes(value)
        sender.get(page_of(), query_string=query)
        sender.get("/", query_string=f"done={quote_from_bytes(value)}")

    visit()


@pytest.mark.any_database
def test_no_header_breaks_a_page(sender: Poster) -> None:
    line = st.text(st.characters(max_codepoint=0xFF, exclude_characters="\r\n"), max_size=60)
    named = st.dictionaries(st.sampled_from(HEADERS), line, min_size=1, max_size=3)

    def visit(headers: dict[str, str]) -> None:
        environ = {f"HTTP_{name}": value for name, value in headers.items()}
        hold(sender.client.get("/", environ_overrides=environ))
        hold(sender.client.get("/en/privacy", environ_overrides=environ))
        hold(sender.client.post("/en/confirm/x", environ_overrides=environ))

    for name in HEADERS:
        for odd in ODD_HEADERS:
            visit({name: odd})
    MANY(given(named)(visit))()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "kind",
    [
        *(
            "",
            "text/plain",
            "application/json",
            "multipart/form-data",
            "nonsense",
            "a/b; charset=x",
        ),
        *("multipart/form-data; boundary=", 'multipart/form-data; boundary="', "image/png"),
        "application/x-www-form-urlencoded; charset=utf-16",
        f"multipart/form-data; boundary={'x' * 300}",
    ],
)
def test_a_body_of_another_kind_is_an_empty_form(kind: str, sender: Poster) -> None:
    for content in (b"", b"{}", b"--x\r\n\r\n", body("x", "name", b"Nadia"), b"\xff" * 500):
        answer = sender.raw(page_of(), content, content_type=kind)
        assert answer.status_code in {400, 422}


def test_a_form_in_parts_is_read_as_well(sender: Poster) -> None:
    form = filled(sender.token, "nadia@example.org", name="Nadia \N{SNOWMAN}x")
    answer = sender.client.post(page_of(), data=form, content_type="multipart/form-data")
    hold(answer)
    sender.let_take_in()

    assert answer.status_code == 200
    assert newest_signature().opened().name == "Nadia \N{SNOWMAN}x"


def test_of_a_repeated_field_the_first_is_taken(sender: Poster) -> None:
    twice = body(sender.token, "name", b"Nadia First") + b"&name=Nadia+Second&country=FR"

    assert sender.raw(page_of(), twice).status_code == 200
    assert newest_signature().opened().name == "Nadia First"
    assert newest_signature().country == "GB"


@pytest.mark.any_database
def test_thousands_of_fields_are_no_trouble(sender: Poster) -> None:
    many = b"&".join(b"f%d=x" % number for number in range(20_000))
    whole = body(sender.token, "name", b"Nadia Sample") + b"&" + many

    assert sender.raw(page_of(), whole).status_code in {200, 413}
    parts = {f"f{number}": "x" for number in range(2_000)}
    answer = hold(sender.client.post(page_of(), data=parts, content_type="multipart/form-data"))
    assert answer.status_code == 413


@pytest.mark.any_database
def test_a_megabyte_is_too_long_and_says_so(sender: Poster) -> None:
    for field in ("name", "email", "reason", "token", "website", "country"):
        answer = sender.raw(page_of(), body(sender.token, field, b"x" * 1_000_000))
        assert answer.status_code == 413
        assert "That is too long" in answer.text
    answer = sender.raw(page_of(), body(sender.token, "reason", b"x" * 100_000))
    assert answer.status_code == 422


@pytest.mark.any_database
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW", "POST"])
def test_no_method_breaks_a_page(method: str, sender: Poster) -> None:
    for path in ("/", "/en/", page_of(), "/en/confirm/x", "/en/manage/x", "/healthz", "/nothing"):
        hold(sender.client.open(path, method=method))


def test_the_real_server_answers_a_megabyte(live_server: Server) -> None:
    visitor = Visitor(live_server)
    token = visitor.form_token()

    answer = visitor.sign(token, "nadia@example.org", reason="x" * 1_000_000)
    assert answer.status == 413
    assert "That is too long" in answer.body
    assert visitor.sign(token, "nadia@example.org").status == 200


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /static/js/submit-once.js HTTP/1.1\r\n\r\n",
        b"GET http://127.0.0.1/healthz HTTP/1.1\r\nHost:\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \x00\r\n\r\n",
    ],
)
def test_the_real_server_refuses_what_is_no_request(
    request_line: bytes, live_server: Server
) -> None:
    live_visitor = Visitor(live_server)
    connection = http.client.HTTPConnection(live_visitor.host, live_visitor.port, timeout=10)
    connection.connect()
    connection.sock.sendall(request_line)
    answer = connection.sock.recv(100)
    connection.close()

    assert b" 4" in answer[:14] or b" 505" in answer[:14]
    assert live_visitor.ask("GET", "/healthz").status == 200
