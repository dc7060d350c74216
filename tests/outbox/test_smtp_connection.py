"""Connections to mail servers that never end, and to those that would have mail in the clear."""

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from petition.core.bounded_sockets import BoundedTls
from petition.outbox.envelopes import envelope_of
from petition.outbox.smtp import SmtpTransport
from petition.outbox.transports import InDoubt, Unreachable
from tests.grounds.certificates import own_certificate
from tests.grounds.hostile import Manner, Talk, hostile_server
from tests.grounds.mail import LOOPBACK, SmtpServer, free_port
from tests.outbox.mails import claimed

ELSEWHERE = "mail.example.org"
LONG = 20.0
"""Seconds in which a wait of one second ends, however slow the machine is."""


def greets(talk: Talk) -> None:
    """Greet, and then answer EHLO without end."""
    talk.say(b"220 mail.example.org\r\n")
    talk.hear()
    talk.drip(b"250-SIZE\r\n")


NEVER_ENDING: dict[str, Manner] = {
    "floods": lambda talk: talk.flood(b"220-welcome to a very talkative server\r\n"),
    "floods in one line": lambda talk: talk.flood(b"220-welcome"),
    "drips lines": lambda talk: talk.drip(b"220-welcome\r\n"),
    "drips octets": lambda talk: talk.drip(b"2"),
    "drips after its greeting": greets,
    "is silent": Talk.hold,
}


@pytest.mark.parametrize("manner", NEVER_ENDING.values(), ids=NEVER_ENDING)
def test_a_server_that_never_ends_is_left_in_time(manner: Manner) -> None:
    with hostile_server(manner) as port:
        began = time.monotonic()
        sending = SmtpTransport(f"smtp://{LOOPBACK}:{port}", timeout=1.0)
        with pytest.raises(Unreachable):
            sending.reach()
        assert time.monotonic() - began < LONG


@pytest.mark.parametrize("manner", ["floods", "drips lines", "is silent"])
def test_a_server_that_never_ends_over_tls_is_left_in_time(
    manner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, server_side = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with hostile_server(NEVER_ENDING[manner], server_side) as port:
        began = time.monotonic()
        sending = SmtpTransport(f"smtps://{LOOPBACK}:{port}", timeout=2.0)
        with pytest.raises(Unreachable, match="SMTPServerDisconnected"):
            sending.reach()
        assert time.monotonic() - began < LONG


def test_a_handshake_that_never_ends_is_left_in_time() -> None:
    with hostile_server(Talk.hold) as port:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="TimeoutError"):
            SmtpTransport(f"smtps://{LOOPBACK}:{port}", timeout=1.0).reach()
        assert time.monotonic() - began < LONG


def test_whoever_is_told_to_stop_does_not_wait_for_a_silent_server() -> None:
    stopped = threading.Event()
    with hostile_server(Talk.hold) as port:
        threading.Timer(0.5, stopped.set).start()
        began = time.monotonic()
        sending = SmtpTransport(f"smtp://{LOOPBACK}:{port}", timeout=600.0, stopped=stopped)
        with pytest.raises(Unreachable):
            sending.reach()
        assert time.monotonic() - began < LONG


@pytest.fixture
def elsewhere(smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the mail server's host, as if it were another one; it offers no STARTTLS."""
    look_up = socket.getaddrinfo

    def find(host: Any, *more: Any, **options: Any) -> Any:
        return look_up(LOOPBACK if host == ELSEWHERE else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", find)
    return f"{ELSEWHERE}:{smtp_server.port}"


def test_no_mail_leaves_in_the_clear(elsewhere: str) -> None:
    with pytest.raises(Unreachable, match="STARTTLS"):
        SmtpTransport(f"smtp://{elsewhere}", timeout=5.0).reach()


def test_mail_leaves_in_the_clear_where_a_setting_allows_it(elsewhere: str) -> None:
    sending = SmtpTransport(f"smtp://{elsewhere}", timeout=5.0, may_be_clear=True)
    sending.reach()
    sending.close()


def test_a_password_never_leaves_in_the_clear(elsewhere: str) -> None:
    sending = SmtpTransport(f"smtp://me:secret@{elsewhere}", timeout=5.0, may_be_clear=True)
    with pytest.raises(Unreachable, match="STARTTLS"):
        sending.reach()


def test_on_this_machine_mail_travels_as_the_server_likes(smtp_server: SmtpServer) -> None:
    sending = SmtpTransport(smtp_server.url, timeout=5.0)
    sending.reach()
    sending.close()


def test_what_the_server_encrypts_keeps_within_its_time_too(
    smtp_server: SmtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, server_side = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    smtp_server.behaviour.pause = 60.0
    port = free_port()
    encrypting = Controller(smtp_server, hostname=LOOPBACK, port=port, tls_context=server_side)
    encrypting.start()
    try:
        sending = SmtpTransport(f"smtp://{LOOPBACK}:{port}", timeout=3.0)
        sending.announce(envelope_of(claimed(), sender="petitions@example.org"))
        assert sending._connection is not None
        assert isinstance(sending._connection.sock, BoundedTls)
        sending.deliver()
        with pytest.raises(InDoubt):
            sending.read_answer()
    finally:
        encrypting.stop()
