"""Whatever a stranger sends, as long as the server lets it in: work in proportion, and no more.

Each limit is of CPU time and generous; unbounded work takes many times as much.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from email_validator import EmailNotValidError, validate_email
from flask import Flask

from petition.core.formulas import shielded, unshielded
from petition.letters.bounces.reading import read_report
from petition.letters.drafting.own_words import own_share
from petition.organisers.models import Identity
from petition.organisers.passwords import objection
from tests.factories import SLUG
from tests.web.public.people import Person, page_of
from tests.web.public.posting import poster

pytestmark = pytest.mark.any_database

ADDRESS = 4_000
"""Characters of a request's first line; Gunicorn lets in 4,094."""
HEADER = 8_000
"""Of a header; Gunicorn lets in 8,190."""
BODY = 120_000
LETTER = 6_000
SECONDS = 2.0

PIECES = (
    *("a", "a,", "a;q=0.1,", "a-", '"', '\\"', " ", " ,", "\t", ";", "=", "a=b;", "a*0=b;"),
    *("W/", "%", "%ff", "/", "//", ".", "./", "../", "-", "0", "0-0,", "[", "(", "<", "\x7f"),
)
HEADERS = (
    *("Accept-Language", "Accept-Encoding", "Accept", "If-None-Match", "Cookie", "Range"),
    *("If-Match", "If-Range", "Origin", "Referer", "Sec-Fetch-Site", "X-Forwarded-For"),
)
IN_BODIES = ("a", '"', "\\", "=", "%", "%ff", "a*0=b;", ";", "&", "a&", "\r\n", "\n--", "\x7f")
TYPED = (
    *("a", "a ", "a'", "'", "=", "\n", " \n", "\ufdfa", "\u4e00", "\u200b", "\u0130", "\xdf"),
    *("a" + "\u0323\u0301" * 15, "\u1100\u1161\u11a8", "\U0001f64f", "@", "a.", "xn--", "\uff9e"),
)


@contextmanager
def little_work(what: str) -> Iterator[None]:
    """Fail where this process works for long."""
    before = time.process_time()
    yield
    assert time.process_time() - before < SECONDS, what


def filled(piece: str, length: int) -> str:
    """Return so many characters of a piece, and one that spoils what has matched so far."""
    return (piece * length)[: length - 1] + "!"


@pytest.mark.parametrize("header", HEADERS)
def test_the_longest_headers_are_little_work(header: str, person: Person) -> None:
    sender = poster(person.client.application)
    for piece in PIECES:
        with little_work(f"{header}: {piece}"):
            for path in ("/", "/nothing"):
                sender.get(path, headers={header: filled(piece, HEADER)})


@pytest.mark.parametrize(
    "before",
    [
        *("/", "/en/", "/en/petitions/", "/en/confirm/", "/en/letters/draft/", "/p/"),
        *("/organiser/join/", f"/en/petitions/{SLUG}?", "/organiser/signatures?older=", "/static/"),
    ],
)
def test_the_longest_addresses_are_little_work(before: str, person: Person) -> None:
    for piece in PIECES:
        with little_work(before + piece):
            person.client.get(before + filled(piece, ADDRESS).replace("?", ""))


def test_the_longest_bodies_are_little_work(person: Person, app: Flask) -> None:
    sender = poster(app)
    bodies = [(piece * BODY)[:BODY].encode() for piece in IN_BODIES]
    disposition = b"--b\r\nContent-Disposition: form-data; name=reason"
    for body in bodies:
        with little_work(f"{body[:9]!r}"):
            sender.raw(page_of(), b"reason=" + body)
            for start in (disposition + b"\r\n\r\n", disposition + b";", b"--b\r\n"):
                content = start + body[: BODY - len(start)] + b"\r\n\r\n--b--\r\n"
                sender.raw(page_of(), content, content_type="multipart/form-data; boundary=b")


def test_the_longest_letter_an_address_and_a_password_are_little_work() -> None:
    for piece in TYPED:
        with little_work(piece):
            letter = (piece * LETTER)[:LETTER]
            own_share(letter, "The words of a template.")
            unshielded(shielded(letter))
            objection(letter[:256], Identity("Nadia", "nadia@example.org"))
            for address in (letter[:254], f"a@{letter[:250]}", f"{letter[:60]}@example.org"):
                is_address(address)


def is_address(text: str) -> bool:
    """Whether this is an address, as the forms ask it."""
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return False
    return True


@pytest.mark.parametrize("start", ["From: MAILER-DAEMON <>\n\n", "From: MAILER-DAEMON <>\n", ""])
def test_the_longest_mail_that_comes_back_is_little_work(start: str) -> None:
    nested = "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
    lines = ("550 5.1.1 ", "Action: ", "user ", "could not be ", "5.1.", "To: <a+0", "Received: (")
    for piece in (nested, "Content-Type: message/rfc822\n\n", "=?utf-8?q?=41?= ", *lines):
        for text in (piece, (piece.replace("\n", " ") * 100)[:399] + "\n"):
            with little_work(text[:40]):
                read_report((start + text * 10_000).encode())
