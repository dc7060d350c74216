"""The mail server of the tests: it records, refuses, and goes away."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.grounds.mail import LOOPBACK, SmtpServer


def send(server: SmtpServer, to: str = "ana@example.org") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "us@example.org", to, "Zoë"
    message.set_content("Confirm")
    with smtplib.SMTP(LOOPBACK, server.port, timeout=5) as connection:
        connection.send_message(message)


def test_a_message_is_recorded_with_its_envelope(smtp_server: SmtpServer) -> None:
    send(smtp_server)

    assert [(one.sender, one.recipients) for one in smtp_server.accepted] == [
        ("us@example.org", ("ana@example.org",))
    ]
    assert smtp_server.to("ana@example.org")[0]["Subject"] == "Zoë"


def test_a_recipient_is_refused(smtp_server: SmtpServer) -> None:
    smtp_server.behaviour.rcpt_answer = "550 5.1.1 no such mailbox"

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(smtp_server)
    assert (smtp_server.attempts, smtp_server.accepted) == (1, [])


def test_a_message_is_put_off(smtp_server: SmtpServer) -> None:
    smtp_server.behaviour.data_answer = "451 4.3.0 try again later"

    with pytest.raises(smtplib.SMTPDataError):
        send(smtp_server)
    assert smtp_server.accepted == []


def test_a_message_is_taken_without_a_word(smtp_server: SmtpServer) -> None:
    smtp_server.behaviour.hang_up = True

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp_server)
    assert len(smtp_server.accepted) == 1


def test_the_server_goes_down_and_comes_back(smtp_server: SmtpServer) -> None:
    smtp_server.down()
    with pytest.raises(ConnectionRefusedError):
        send(smtp_server)

    smtp_server.up()
    send(smtp_server)
    assert len(smtp_server.accepted) == 1
