"""A server that goes away (421) refuses nobody: every mail waits, unless one drives it away."""

import pytest

from petition.outbox.envelopes import Envelope
from petition.outbox.smtp import SmtpTransport
from petition.outbox.transports import Postponed, Unreachable, send
from tests.factories import NOON
from tests.grounds.mail import SmtpServer

GOODBYE = "421 4.3.2 shutting down"


def envelope(number: int) -> Envelope:
    """Return a mail to somebody."""
    return Envelope(
        created_at=NOON,
        message_id=f"mail-{number}",
        sender="petitions@example.org",
        to=f"supporter{number}@example.org",
        octets=b"Subject: Hello\r\n\r\nHello\r\n",
    )


@pytest.mark.parametrize("place", ["rcpt_answer", "data_answer", "sender_answer"])
@pytest.mark.parametrize("takes_several", [True, False])
def test_after_a_goodbye_every_mail_waits_and_the_next_knocks_again(
    place: str, takes_several: bool, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.takes_several = takes_several
    setattr(smtp_server.behaviour, place, GOODBYE)
    sending = SmtpTransport(smtp_server.url, timeout=5.0)
    for _ in range(2):
        with pytest.raises(Unreachable, match="421"):
            send(sending, envelope(1))

    setattr(smtp_server.behaviour, place, "")
    send(sending, envelope(1))
    sending.close()
    assert len(smtp_server.to("supporter1@example.org")) == 1
    assert smtp_server.connections == 3


def test_a_mail_that_drives_the_server_away_while_it_takes_others_waits_alone(
    smtp_server: SmtpServer,
) -> None:
    sending = SmtpTransport(smtp_server.url, timeout=5.0)
    smtp_server.behaviour.data_answer = GOODBYE
    with pytest.raises(Unreachable):
        send(sending, envelope(1))
    smtp_server.behaviour.data_answer = ""
    send(sending, envelope(2))
    smtp_server.behaviour.data_answer = GOODBYE
    with pytest.raises(Postponed, match="421"):
        send(sending, envelope(1))
    sending.close()
