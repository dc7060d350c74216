"""Mails about letters that came back: read in any server's words, and never a fault."""

import time
from base64 import b64encode, encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.letters.bounces.reading import Persistence, read_report
from petition.letters.post.message import return_address
from tests.letters.bounces.wording import (
    CAME_BACK,
    SAYS_NOTHING,
    SOME_ID,
    STATUS,
    STILL_TRYING,
    report,
)


@pytest.mark.parametrize("name", CAME_BACK)
def test_a_letter_that_came_back_is_known_by_any_servers_words(name: str) -> None:
    found = read_report(report(name))

    assert found.message_ids == (SOME_ID,)
    assert found.failure == Persistence.PERMANENT
    assert found.status == STATUS[name]


@pytest.mark.parametrize("name", STILL_TRYING)
def test_a_server_that_still_tries_is_told_from_one_that_gave_up(name: str) -> None:
    found = read_report(report(name))

    assert found.message_ids == (SOME_ID,)
    assert found.failure == Persistence.TEMPORARY


@pytest.mark.parametrize("name", SAYS_NOTHING)
def test_answers_and_receipts_are_no_bounces(name: str) -> None:
    assert read_report(report(name)).failure is None


@pytest.mark.parametrize("quoted", ["Abuse of prisoners", "A delay of years", "Absence of justice"])
def test_a_letters_subject_that_a_report_quotes_is_not_the_servers_word(quoted: str) -> None:
    raw = report("exchange-online").replace(b"Sanctions for human trafficking", quoted.encode())

    assert read_report(raw).failure == Persistence.PERMANENT


def test_a_server_that_asks_us_to_try_again_does_not_try_itself() -> None:
    words = b"be sent. No further attempt will be made. Please try later, or write"
    raw = report("german").replace(b"base64", b"7bit").partition(b"RmVo")[0]

    assert read_report(raw + b"It could not " + words).failure == Persistence.PERMANENT


def test_the_address_that_a_report_came_to_counts_before_what_it_quotes() -> None:
    other = "f" * 32
    raw = report("postfix").replace(
        f"Message-ID: <{SOME_ID}".encode(), f"Message-ID: <{other}".encode()
    )

    assert read_report(raw).message_ids == (SOME_ID, other)


def test_a_letters_id_is_found_in_a_copy_that_is_written_in_base64() -> None:
    copy = b64encode(f"From: a@example.org\nMessage-ID: <{SOME_ID}@example.org>\n".encode())
    raw = (
        b"From: postmaster@example.net\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        b"Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n"
        + copy
        + b"\n--b--\n"
    )

    assert read_report(raw).message_ids == (SOME_ID,)


def test_words_that_stand_far_along_a_line_are_read() -> None:
    words = (
        f"<html><p>{'x' * 3000}</p><p>Your message could not be delivered (550 5.1.1)</p></html>"
    )
    raw = (
        b"From: postmaster@example.net\nContent-Type: text/html; charset=undefined\n"
        b"Content-Transfer-Encoding: base64\n\n" + encodebytes(words.encode())
    )

    assert read_report(raw).status == "5.1.1"


def test_an_id_in_capitals_is_the_same_id() -> None:
    assert read_report(report("postfix", SOME_ID.upper())).message_ids == (SOME_ID,)


def test_the_return_address_of_a_letter_is_found_again() -> None:
    raw = f"To: <{return_address('petitions@example.org', SOME_ID)}>\n\n".encode()

    assert read_report(raw).message_ids == (SOME_ID,)


@given(st.binary(max_size=2000))
def test_any_octets_are_read_without_a_fault(raw: bytes) -> None:
    read_report(raw)
    read_report(b"From: mailer-daemon@example.net\n" + raw)


@given(st.sampled_from(CAME_BACK + STILL_TRYING), st.data())
def test_a_damaged_report_is_read_without_a_fault(name: str, data: st.DataObject) -> None:
    raw = bytearray(report(name))
    for _ in range(5):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + 3] = data.draw(st.binary(max_size=6))
    read_report(bytes(raw))


NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (one, one) for one in range(3000)
)

BASE64 = b"Content-Transfer-Encoding: base64\n\n"
NETSCAPE = b"This Message was undeliverable due to the following reason:\n"
"""Words after which a detector looks for addresses in what was decoded."""


def folded(octets: bytes) -> bytes:
    """Return the value of a field as it stands in a head, over many lines."""
    return b"\n ".join(octets[at : at + 390] for at in range(0, len(octets), 390))


@pytest.mark.parametrize(
    "body",
    [
        b"\n" + b"a" * 20_000_000,
        b"\n" * 20_000_000,
        b"\nYour message could not be delivered to\n" + (b" " * 390 + b"a\n") * 50_000,
        NESTED,
        b"Content-Type: message/delivery-status\n\n" * 3000,
        b"Subject: \xff\xfe\n ".ljust(300_000, b"("),
        b'Content-Type: text/plain; x="' + folded(b";" * 200_000) + b"\n\nfailure notice\n",
        BASE64 + encodebytes(b"-" * 150_000),
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n"
        + BASE64
        + encodebytes(NETSCAPE + b"<" * 150_000)
        + b"\n--b\n\n--b--\n",
        b"Content-Type: text/plain; charset=punycode\n" + BASE64 + encodebytes(b"a" * 180_000),
    ],
    ids=[
        *("one line", "empty lines", "slow for patterns", "nested", "nested reports", "header"),
        *("parameters", "dashes", "brackets", "charset"),
    ],
)
def test_a_mail_made_to_keep_us_busy_does_not(body: bytes) -> None:
    start = time.process_time()
    read_report(b"From: mailer-daemon@example.net\nTo: x+" + SOME_ID.encode() + b"@y\n" + body)

    assert time.process_time() - start < 5


def test_what_the_detectors_log_of_a_mail_stays_unsaid(capfd: pytest.CaptureFixture[str]) -> None:
    read_report(
        b"From: mailer-daemon@example.net\nX-Failed-Recipients: \xff@\xff\nX-Mailer: \xff\n\n"
    )

    assert capfd.readouterr() == ("", "")
