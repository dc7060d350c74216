"""The mailbox to which letters come back, read over IMAP."""

import json
import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config, SettingError
from petition.core.log import JsonLines, log
from petition.letters.bounces.parts import LONGEST_READ
from petition.letters.letter.models import LetterState
from petition.worker import bounces
from petition.worker.bounces import BounceMailbox
from petition.worker.loops import Worker
from tests.factories import NOON
from tests.grounds.certificates import own_certificate
from tests.grounds.imap import PASSWORD, USER, ImapServer
from tests.grounds.mail import LOOPBACK, free_port
from tests.letters.bounces.wording import report
from tests.letters.fates import arrives, end
from tests.letters.posting import begun, letter_with, sent

SEEN = {r"\Seen"}


@pytest.fixture
def mailbox(config: Config, imap_server: ImapServer) -> BounceMailbox:
    """The mailbox as a worker reads it."""
    return reader(config, imap_server)


@pytest.fixture
def logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> pytest.LogCaptureFixture:
    """What is logged, whatever an earlier test in this process made of the log."""
    monkeypatch.setattr(log, "handlers", [caplog.handler])
    monkeypatch.setattr(log, "propagate", False)
    return caplog


def reader(config: Config, server: ImapServer) -> BounceMailbox:
    """Return what reads the server's folder."""
    settings = replace(config, bounce_mailbox=server.url, mail_timeout=5)
    return BounceMailbox(settings, threading.Event())


def test_a_letter_that_came_back_is_noted_and_its_report_deleted(
    mailbox: BounceMailbox, imap_server: ImapServer
) -> None:
    first = sent()
    imap_server.put(report("postfix", first.message_id))
    mailbox.take_bounces()

    assert letter_with(first.message_id).state == LetterState.BOUNCED
    assert imap_server.mails == []


def test_what_is_none_of_ours_is_seen_and_stays(
    mailbox: BounceMailbox, imap_server: ImapServer
) -> None:
    kept = [imap_server.put(report("postfix")), imap_server.put(report("vacation"))]
    imap_server.put(report("postfix-delayed", sent().message_id))
    mailbox.take_bounces()
    mailbox.take_bounces()

    assert imap_server.mails == kept
    assert [mail.flags for mail in kept] == [SEEN, SEEN]
    assert imap_server.said.count("UID FETCH") == 3


def test_a_letter_that_is_being_handed_over_is_looked_at_again(
    mailbox: BounceMailbox, imap_server: ImapServer
) -> None:
    first = begun()
    kept = imap_server.put(report("exim", first.message_id))
    mailbox.take_bounces()
    assert kept.flags == set()

    end(arrives, first, NOON)
    mailbox.take_bounces()
    assert letter_with(first.message_id).state == LetterState.BOUNCED
    assert imap_server.mails == []


def test_a_connection_that_breaks_before_a_mail_is_marked_loses_nothing(
    mailbox: BounceMailbox, imap_server: ImapServer
) -> None:
    first = sent()
    imap_server.put(report("postfix", first.message_id))
    imap_server.hang_up_at = "UID STORE"
    mailbox.take_bounces()
    assert [mail.flags for mail in imap_server.mails] == [set()]

    imap_server.hang_up_at = ""
    mailbox.take_bounces()
    assert letter_with(first.message_id).state == LetterState.BOUNCED
    assert imap_server.mails == []


def test_more_than_a_handful_is_taken_in_turns(
    mailbox: BounceMailbox, imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces, "MAILS_AT_ONCE", 2)
    for _ in range(3):
        imap_server.put(b"Subject: hello\r\n\r\n")

    assert mailbox.take_bounces()
    assert not mailbox.take_bounces()
    assert [mail.flags for mail in imap_server.mails] == [SEEN] * 3


def test_a_crowded_folder_is_asked_about_in_parts(
    mailbox: BounceMailbox, imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces, "LOOKED_THROUGH_AT_ONCE", 2)
    for _ in range(5):
        imap_server.put(b"Subject: read long ago\r\n\r\n").flags |= SEEN
    first = sent()
    imap_server.put(report("postfix", first.message_id))
    mailbox.take_bounces()

    assert letter_with(first.message_id).state == LetterState.BOUNCED
    assert imap_server.said.count("UID SEARCH") == 3


def test_a_mail_over_which_the_server_breaks_holds_up_no_other(
    mailbox: BounceMailbox, imap_server: ImapServer
) -> None:
    broken = imap_server.put(b"Subject: hello\r\n\r\n")
    imap_server.hang_up_over = broken.uid
    first = sent()
    imap_server.put(report("postfix", first.message_id))
    mailbox.take_bounces()
    assert letter_with(first.message_id).state == LetterState.SENT

    mailbox.take_bounces()
    assert letter_with(first.message_id).state == LetterState.BOUNCED


def test_of_a_huge_mail_only_the_beginning_is_fetched(
    mailbox: BounceMailbox, imap_server: ImapServer
) -> None:
    first = sent()
    imap_server.put(report("qmail", first.message_id) + b"x" * LONGEST_READ * 4)
    mailbox.take_bounces()

    assert letter_with(first.message_id).state == LetterState.BOUNCED


def test_what_somebody_else_deleted_is_left_to_them(
    mailbox: BounceMailbox, imap_server: ImapServer
) -> None:
    theirs = imap_server.put(b"Subject: hello\r\n\r\n")
    theirs.flags.add(r"\Deleted")
    imap_server.put(report("postfix", sent().message_id))
    mailbox.take_bounces()

    assert imap_server.mails == [theirs]


def test_a_server_that_knows_little_is_enough(config: Config, imap_server: ImapServer) -> None:
    imap_server.capabilities = "IMAP4rev1"
    imap_server.put(report("postfix", sent().message_id))
    reader(config, imap_server).take_bounces()

    assert imap_server.mails == []
    assert "LOGIN" in imap_server.said
    assert "EXPUNGE" in imap_server.said


@pytest.mark.parametrize("fault", ["away", "hangs up", "wrong password", "no such folder"])
def test_a_mailbox_out_of_reach_is_logged_without_a_name_and_read_later(
    config: Config, imap_server: ImapServer, fault: str, logged: pytest.LogCaptureFixture
) -> None:
    url = {
        "away": f"imap://{USER}:secret@{LOOPBACK}:{free_port()}/",
        "wrong password": f"imap://{USER}:secret@{LOOPBACK}:{imap_server.port}/",
        "no such folder": imap_server.url + "x",
    }
    imap_server.hang_up_at = "AUTHENTICATE" if fault == "hangs up" else ""
    settings = replace(config, bounce_mailbox=url.get(fault, imap_server.url), mail_timeout=5)
    mailbox = BounceMailbox(settings, threading.Event())

    assert not mailbox.take_bounces()
    (record,) = logged.records
    line = JsonLines().format(record)
    assert record.levelno == logging.WARNING
    assert json.loads(line)["event"] == "mailbox for bounces out of reach"
    assert not any(word in line for word in (USER, PASSWORD, "secret", LOOPBACK))


def test_a_worker_looks_into_the_mailbox(config: Config, imap_server: ImapServer) -> None:
    first = sent()
    imap_server.put(report("postfix", first.message_id))
    worker = Worker(replace(config, bounce_mailbox=imap_server.url))
    running = threading.Thread(target=worker.run)
    running.start()
    for _ in range(200):
        if not imap_server.mails:
            break
        threading.Event().wait(0.05)
    worker.stop()
    running.join(timeout=20)

    assert letter_with(first.message_id).state == LetterState.BOUNCED


def test_a_worker_that_was_told_to_stop_takes_no_more(
    config: Config, imap_server: ImapServer
) -> None:
    stopped = threading.Event()
    stopped.set()
    kept = imap_server.put(report("vacation"))
    BounceMailbox(replace(config, bounce_mailbox=imap_server.url), stopped).take_bounces()

    assert kept.flags == set()


def test_the_password_goes_to_no_server_that_cannot_say_who_it_is(
    config: Config,
    tmp_path: Path,
    logged: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate, tls = own_certificate(tmp_path)
    server = ImapServer(free_port(), tls=tls)
    server.up()
    kept = server.put(b"Subject: hello\r\n\r\n")
    try:
        assert not reader(config, server).take_bounces()
        assert server.said == []
        assert [record.fields for record in logged.records] == [  # type: ignore[attr-defined]
            {"fault": "SSLCertVerificationError"}
        ]

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        reader(config, server).take_bounces()
        assert kept.flags == SEEN
    finally:
        server.down()


@pytest.mark.parametrize(
    "url",
    [
        "imap://user:secret@mail.example.org/Bounces",
        "https://user:secret@mail.example.org",
        "imaps://mail.example.org",
        "imaps://user:secret@mail.example.org:port",
        "imaps://user:secret@[mail",
        "imaps://user:secret@mail.example.org/Zur%C3%BCck",
    ],
)
def test_a_mailbox_that_cannot_be_read_safely_is_refused_in_words(url: str) -> None:
    with pytest.raises(SettingError, match="BOUNCE_MAILBOX must be imaps://") as refused:
        Config.from_environment({"BOUNCE_MAILBOX": url})

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "imaps://user:secret@mail.example.org",
        "imaps://bounces%40example.org:secret@mail.example.org:993/Came%20back",
        "imap://user:secret@127.0.0.1:1143/INBOX",
    ],
)
def test_a_mailbox_is_an_address_with_a_user_and_a_password(url: str) -> None:
    assert Config.from_environment({"BOUNCE_MAILBOX": url}).bounce_mailbox == url
