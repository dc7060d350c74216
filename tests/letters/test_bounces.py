"""Letters that come back: known by their id, believed when a server says so, never a fault."""

import time
from base64 import b64encode
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from petition.core.database import session, transaction
from petition.letters import afterwards
from petition.letters.bounces import Failure, Verdict, read_report, take_bounce
from petition.letters.letter import LetterState, LetterTransition
from petition.letters.message import return_address
from petition.outbox.models import OutboxMail
from tests.factories import NOON
from tests.letters.fates import arrives, claim, end, is_in_doubt
from tests.letters.posting import (
    begun,
    confirm,
    hand_in,
    letter_with,
    newest_letter,
    posted,
    queued,
    sent,
    suspect_since,
)
from tests.letters.wording import CAME_BACK, SAYS_NOTHING, SOME_ID, STILL_TRYING, report

SOON = NOON + timedelta(minutes=1)
LATER = NOON + timedelta(minutes=2)


def taken(raw: bytes) -> Verdict:
    """Take a mail in a transaction."""
    with transaction():
        return take_bounce(read_report(raw), SOON)


@pytest.mark.parametrize("name", CAME_BACK)
def test_a_letter_that_came_back_is_known_by_any_servers_words(name: str) -> None:
    found = read_report(report(name))

    assert found.message_ids == (SOME_ID,)
    assert found.failure == Failure.PERMANENT


@pytest.mark.parametrize("name", STILL_TRYING)
def test_a_server_that_still_tries_is_told_from_one_that_gave_up(name: str) -> None:
    found = read_report(report(name))

    assert found.message_ids == (SOME_ID,)
    assert found.failure == Failure.TEMPORARY


@pytest.mark.parametrize("name", SAYS_NOTHING)
def test_answers_and_receipts_are_no_bounces(name: str) -> None:
    assert read_report(report(name)).failure is None


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


@pytest.mark.parametrize(
    "body",
    [
        b"\n" + b"a" * 20_000_000,
        b"\n" * 20_000_000,
        b"\nYour message could not be delivered to\n" + (b" " * 390 + b"a\n") * 50_000,
        NESTED,
        b"Content-Type: message/delivery-status\n\n" * 3000,
        b"Subject: \xff\xfe\n ".ljust(300_000, b"("),
    ],
    ids=["one line", "empty lines", "slow for patterns", "nested", "nested reports", "header"],
)
def test_a_mail_made_to_keep_us_busy_does_not(body: bytes) -> None:
    start = time.process_time()
    read_report(b"From: mailer-daemon@example.net\nTo: x+" + SOME_ID.encode() + b"@y\n" + body)

    assert time.process_time() - start < 30


def test_what_the_detectors_log_of_a_mail_stays_unsaid(capfd: pytest.CaptureFixture[str]) -> None:
    read_report(
        b"From: mailer-daemon@example.net\nX-Failed-Recipients: \xff@\xff\nX-Mailer: \xff\n\n"
    )

    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("database")
def test_a_letter_that_came_back_makes_its_queue_pause() -> None:
    first = sent()
    queued()
    assert taken(report("postfix", first.message_id)) == Verdict.BOUNCED

    returned = letter_with(first.message_id)
    assert (returned.state, returned.changed_at) == (LetterState.BOUNCED, SOON)
    assert suspect_since() == SOON
    with transaction():
        assert claim(LATER) == []


@pytest.mark.usefixtures("database")
def test_the_same_report_changes_nothing_the_second_time() -> None:
    first = sent()
    taken(report("exim", first.message_id))
    changes = session.scalar(select(func.count()).select_from(LetterTransition))
    session.commit()

    assert taken(report("exim", first.message_id)) == Verdict.BOUNCED
    assert session.scalar(select(func.count()).select_from(LetterTransition)) == changes


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        *((name, Verdict.TEMPORARY) for name in STILL_TRYING),
        *((name, Verdict.NO_BOUNCE) for name in SAYS_NOTHING),
    ],
)
def test_what_is_no_return_changes_nothing(name: str, verdict: Verdict) -> None:
    first = sent()

    assert taken(report(name, first.message_id)) == verdict
    assert letter_with(first.message_id).state == LetterState.SENT
    assert suspect_since() is None


@pytest.mark.usefixtures("database")
def test_a_report_about_a_letter_that_nobody_wrote_changes_nothing() -> None:
    first = sent()

    assert taken(report("postfix", "f" * 32)) == Verdict.UNKNOWN_LETTER
    assert letter_with(first.message_id).state == LetterState.SENT
    assert suspect_since() is None


@pytest.mark.usefixtures("database")
def test_a_confirmation_mail_that_came_back_is_left_alone() -> None:
    token = hand_in(posted())
    mail = session.scalars(select(OutboxMail)).one()
    session.commit()

    assert taken(report("qmail", mail.message_id)) == Verdict.UNKNOWN_LETTER
    confirm(token)
    assert newest_letter().state == LetterState.QUEUED


@pytest.mark.usefixtures("database")
def test_a_letter_that_waits_for_confirmation_cannot_come_back() -> None:
    hand_in(posted())

    assert taken(report("postfix", newest_letter().message_id)) == Verdict.UNKNOWN_LETTER
    assert newest_letter().state == LetterState.AWAITING
    assert suspect_since() is None


@pytest.mark.usefixtures("database")
def test_a_letter_that_comes_back_before_it_is_noted_as_sent_is_to_be_given_again() -> None:
    first = begun()
    assert taken(report("postfix", first.message_id)) == Verdict.TOO_SOON

    end(arrives, first, NOON)
    assert taken(report("postfix", first.message_id)) == Verdict.BOUNCED


@pytest.mark.usefixtures("database")
def test_a_letter_of_which_nobody_knew_has_arrived_nowhere_when_it_comes_back() -> None:
    first = begun()
    end(is_in_doubt, first, NOON)

    assert taken(report("exchange", first.message_id)) == Verdict.BOUNCED
    assert letter_with(first.message_id).state == LetterState.BOUNCED


@pytest.mark.usefixtures("database")
def test_a_letter_whose_words_are_scrubbed_can_still_come_back() -> None:
    first = sent()
    with transaction():
        afterwards.scrub(letter_with(first.message_id), NOON)

    assert taken(report("utf8", first.message_id)) == Verdict.BOUNCED


@pytest.mark.usefixtures("database")
def test_of_several_letters_that_a_report_names_the_first_that_there_is_came_back() -> None:
    first = sent()
    forged = f"Delivered-To: petitions+{'f' * 32}@example.org\r\n".encode()

    assert taken(forged + report("postfix", first.message_id)) == Verdict.BOUNCED


@pytest.mark.usefixtures("database")
def test_a_header_that_is_made_to_look_like_two_is_one() -> None:
    raw = report("vacation", sent().message_id).replace(
        b"Automatic reply:", b"=?utf-8?q?a=0D=0AX-Failed-Recipients:_a@example.org?="
    )

    assert taken(raw) == Verdict.NO_BOUNCE
