"""Mailboxes that never end: a look into one ends in time, and keeps little of what it says."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from petition.worker.bounces import BounceMailbox
from tests.grounds.certificates import own_certificate
from tests.grounds.hostile import Manner, Talk, hostile_server
from tests.grounds.mail import LOOPBACK

LONG = 20.0
"""Seconds in which a wait of two seconds ends, however slow the machine is."""


def after_greeting(then: Manner) -> Manner:
    """Greet, hear the first command, and then treat the visitor so."""

    def treat(talk: Talk) -> None:
        talk.say(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        talk.hear()
        then(talk)

    return treat


def announce_a_gigabyte(talk: Talk) -> None:
    """Say that a gigabyte follows, and begin with it."""
    talk.say(b"* CAPABILITY {1000000000}\r\n")
    talk.flood(b"more and more\r\n")


NEVER_ENDING: dict[str, Manner] = {
    "floods": lambda talk: talk.flood(b"* OK hello\r\n"),
    "floods in one line": lambda talk: talk.flood(b"* OK hello "),
    "floods after its greeting": after_greeting(lambda talk: talk.flood(b"* 1 EXISTS\r\n")),
    "drips": lambda talk: talk.drip(b"* OK hello\r\n"),
    "drips after its greeting": after_greeting(lambda talk: talk.drip(b"* 1 EXISTS\r\n")),
    "announces a gigabyte": after_greeting(announce_a_gigabyte),
    "is silent": Talk.hold,
}

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def look(
    config: Config, scheme: str, port: int, stopped: threading.Event | None = None, most: int = 2
) -> None:
    """Look into the mailbox at this port, for some seconds at most."""
    url = f"{scheme}://me:secret@{LOOPBACK}:{port}"
    settings = replace(config, bounce_mailbox=url, mail_timeout=most)
    assert not BounceMailbox(settings, stopped or threading.Event()).take_bounces()


@pytest.mark.parametrize("manner", NEVER_ENDING.values(), ids=NEVER_ENDING)
def test_a_look_into_a_mailbox_that_never_ends_ends_in_time(
    manner: Manner, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    with hostile_server(manner) as port:
        began = time.monotonic()
        look(config, "imap", port)
        assert time.monotonic() - began < LONG

    assert "mailbox for bounces out of reach" in caplog.text


@pytest.mark.parametrize("manner", ["floods", "drips"])
def test_a_look_over_tls_ends_in_time_too(
    manner: str, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, server_side = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with hostile_server(NEVER_ENDING[manner], server_side) as port:
        began = time.monotonic()
        look(config, "imaps", port)
        assert time.monotonic() - began < LONG


def test_whoever_is_told_to_stop_does_not_wait_for_a_silent_mailbox(config: Config) -> None:
    stopped = threading.Event()
    with hostile_server(Talk.hold) as port:
        threading.Timer(0.5, stopped.set).start()
        began = time.monotonic()
        look(config, "imap", port, stopped, most=600)
        assert time.monotonic() - began < LONG
