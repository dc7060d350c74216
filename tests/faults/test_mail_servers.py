"""A mail server that is away, slow or cross delays mail; it delays nobody who signs."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from petition.core.storage.database import session
from petition.outbox.models import MailState, OutboxMail
from tests.faults.looking import database_of, mails_waiting
from tests.faults.visitors import Visitor, is_inbox_page, wait_until
from tests.grounds.databases import KINDS
from tests.grounds.mail import LOOPBACK, SmtpServer
from tests.grounds.servers import Server, StartServer

PEOPLE = 5
SOON = {"MAIL_RETRY": "1", "MAIL_TIMEOUT": "2"}

both_databases = pytest.mark.parametrize("kind", KINDS)


def addresses(first: int = 0) -> list[str]:
    """Return the mailboxes of this test's people."""
    return [f"supporter{number}@example.org" for number in range(first, first + PEOPLE)]


def sign_all(server: Server, people: list[str]) -> None:
    """Let everybody sign; whoever is not answered fails the test by waiting."""
    visitor = Visitor(server)
    token = visitor.form_token()
    for address in people:
        assert is_inbox_page(visitor.sign(token, address))


def wait_for_delivery(smtp_server: SmtpServer, people: list[str]) -> None:
    """Wait until everybody has mail."""
    wait_until(
        lambda: all(smtp_server.to(address) for address in people),
        f"not everybody got mail, but {len(smtp_server.accepted)}",
    )


def wait_for_an_attempt(smtp_server: SmtpServer) -> None:
    """Wait until the worker has tried at least once."""
    wait_until(lambda: smtp_server.attempts > 0, "nothing was tried")


@both_databases
def test_a_mail_server_that_is_down_delays_mail_only(
    kind: str, start_server: StartServer, smtp_server: SmtpServer
) -> None:
    smtp_server.down()
    server = start_server(kind, MAIL_SERVER=smtp_server.url, **SOON)

    sign_all(server, addresses())
    smtp_server.up()

    wait_for_delivery(smtp_server, addresses())
    with database_of(server):
        wait_until(lambda: mails_waiting() == 0, "the queue does not drain")
    assert len(smtp_server.accepted) == PEOPLE


@contextmanager
def silent_server(port: int) -> Iterator[list[socket.socket]]:
    """Listen, greet, and say nothing more; yield the connections held so far."""
    held: list[socket.socket] = []
    listener = socket.create_server((LOOPBACK, port))

    def greet() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.sendall(b"220 mail.example.org ESMTP\r\n")
            held.append(connection)

    thread = Thread(target=greet)
    thread.start()
    try:
        yield held
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in held:
            connection.close()


@both_databases
def test_a_mail_server_that_greets_and_falls_silent_delays_mail_only(
    kind: str, start_server: StartServer, smtp_server: SmtpServer
) -> None:
    smtp_server.down()
    server = start_server(kind, MAIL_SERVER=smtp_server.url, **SOON)

    with silent_server(smtp_server.port) as held:
        sign_all(server, addresses())
        wait_until(lambda: len(held) > 0, "the worker does not connect")
        sign_all(server, addresses(PEOPLE))
    smtp_server.up()

    everybody = addresses() + addresses(PEOPLE)
    wait_for_delivery(smtp_server, everybody)
    assert len(smtp_server.accepted) == len(everybody)


@both_databases
def test_a_mail_server_that_takes_a_minute_for_each_mail_delays_nobody_who_signs(
    kind: str, start_server: StartServer, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.pause = 60.0
    server = start_server(kind, MAIL_SERVER=smtp_server.url, **SOON)

    sign_all(server, addresses())
    wait_for_an_attempt(smtp_server)
    sign_all(server, addresses(PEOPLE))
    smtp_server.behaviour.pause = 0.0

    wait_for_delivery(smtp_server, addresses() + addresses(PEOPLE))


@both_databases
def test_temporary_refusals_are_tried_again_until_the_queue_is_empty(
    kind: str, start_server: StartServer, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.data_answer = "451 4.3.0 try again later"
    server = start_server(kind, MAIL_SERVER=smtp_server.url, **SOON)

    sign_all(server, addresses())
    wait_for_an_attempt(smtp_server)
    assert smtp_server.accepted == []
    smtp_server.behaviour.data_answer = ""

    wait_for_delivery(smtp_server, addresses())
    with database_of(server):
        wait_until(lambda: mails_waiting() == 0, "the queue does not drain")
    assert len(smtp_server.accepted) == PEOPLE


@both_databases
def test_permanent_refusals_end_a_mail_and_hold_up_no_other(
    kind: str, start_server: StartServer, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.rcpt_answer = "550 5.1.1 no such mailbox"
    server = start_server(kind, MAIL_SERVER=smtp_server.url, **SOON)

    sign_all(server, addresses())
    with database_of(server):
        wait_until(lambda: mails_waiting() == 0, "the queue does not drain")
        mails = session.query(OutboxMail).all()
        assert {mail.state for mail in mails} == {MailState.FAILED}
        assert {mail.last_answer for mail in mails} == {"550"}
        assert {mail.content for mail in mails} == {None}
    smtp_server.behaviour.rcpt_answer = ""
    sign_all(server, addresses(PEOPLE))

    wait_for_delivery(smtp_server, addresses(PEOPLE))
    assert len(smtp_server.accepted) == PEOPLE
