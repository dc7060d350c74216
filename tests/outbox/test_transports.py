"""How mail leaves: what it looks like, and what becomes of refusals and broken lines."""

from email import message_from_bytes, policy
from email.errors import MessageError
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.outbox.envelopes import Envelope, envelope_of
from petition.outbox.smtp import SmtpTransport
from petition.outbox.transports import (
    FolderTransport,
    InDoubt,
    MailboxRefused,
    Postponed,
    Refused,
    Unreachable,
    send,
)
from tests.factories import NOON
from tests.grounds.mail import SmtpServer
from tests.outbox.mails import claimed

SENDER = "petitions@example.org"
HEADERS = sorted(
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    ]
)


def envelope(*args: str, **words: str) -> Envelope:
    """Return a mail as it is handed over."""
    return envelope_of(claimed(*args, **words), sender=SENDER)


@pytest.fixture(autouse=True, params=[True, False], ids=["at once", "one by one"])
def takes_several(request: pytest.FixtureRequest, smtp_server: SmtpServer) -> None:
    """Servers that take several commands at once, and those that want one after the other."""
    smtp_server.behaviour.takes_several = request.param


def transport(server: SmtpServer) -> SmtpTransport:
    """Return the way to this mail server."""
    return SmtpTransport(server.url, timeout=2.0)


def test_a_mail_says_who_writes_to_whom_and_when(smtp_server: SmtpServer) -> None:
    sending = transport(smtp_server)
    send(sending, envelope(text="Grüße an alle\n", html="<p>Grüße</p>\n"))
    sending.close()

    taken = smtp_server.accepted[0]
    mail = taken.message
    assert (taken.sender, taken.recipients) == (SENDER, ("ana@example.org",))
    assert (mail["From"], mail["To"]) == (SENDER, "ana@example.org")
    assert mail["Subject"] == "Please confirm your e-mail address"
    assert parsedate_to_datetime(str(mail["Date"])) == NOON
    assert mail["Message-ID"] == f"<{'0123456789abcdef' * 2}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (part.get_content() for part in mail.iter_parts())
    assert plain.splitlines() == ["Grüße an alle"]
    assert html.splitlines() == ["<p>Grüße</p>"]


def test_a_second_attempt_is_the_same_mail(smtp_server: SmtpServer) -> None:
    smtp_server.behaviour.hang_up = True
    sending = transport(smtp_server)
    with pytest.raises(InDoubt):
        send(sending, envelope())
    smtp_server.behaviour.hang_up = False
    send(sending, envelope())
    sending.close()

    first, second = (one.message for one in smtp_server.accepted)
    for name in ("Message-ID", "Date", "Subject", "From", "To"):
        assert first[name] == second[name]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.1.1 no such mailbox", Refused),
        ("552 5.2.2 mailbox full", Refused),
        ("450 4.2.1 greylisted", Postponed),
        ("452 4.5.3 too many recipients", Postponed),
    ],
)
def test_the_answer_to_a_recipient_decides(
    answer: str, outcome: type[Exception], smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.rcpt_answer = answer
    sending = transport(smtp_server)

    with pytest.raises(outcome, match=f"^{answer[:3]}$"):
        send(sending, envelope())
    sending.close()


def test_a_server_that_wants_the_text_for_nobody_does_not_get_it(smtp_server: SmtpServer) -> None:
    smtp_server.behaviour.rcpt_answer = "550 5.1.1 no such mailbox"
    smtp_server.behaviour.forgets_refusals = True
    sending = transport(smtp_server)
    with pytest.raises(MailboxRefused):
        send(sending, envelope())

    smtp_server.behaviour.rcpt_answer = ""
    send(sending, envelope("bea@example.org"))
    sending.close()
    assert [one.recipients for one in smtp_server.accepted] == [("bea@example.org",)]


def test_what_is_announced_only_never_leaves(smtp_server: SmtpServer) -> None:
    sending = transport(smtp_server)
    sending.announce(envelope())
    send(sending, envelope("bea@example.org"))
    sending.close()

    assert [one.recipients for one in smtp_server.accepted] == [("bea@example.org",)]


def test_no_line_of_a_text_ends_it(smtp_server: SmtpServer) -> None:
    text = ".\n..\n.hidden\nFrom me\n.\nMAIL FROM:<mallory@example.org>\n"
    sending = transport(smtp_server)
    send(sending, envelope(text=text))
    sending.close()

    [taken] = smtp_server.accepted
    plain, _html = taken.message.iter_parts()
    assert plain.get_content().splitlines() == text.splitlines()


@pytest.mark.parametrize("to", ["a b@example.org", "a>@example.org", "ä@example.org", "nobody"])
def test_an_envelope_has_an_address_that_stays_one_commands(to: str) -> None:
    with pytest.raises(ValueError, match=r"address|ascii"):
        Envelope(created_at=NOON, message_id="one", sender=SENDER, to=to, octets=b"")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("554 5.7.1 spam", Refused), ("451 4.3.0 try again later", Postponed)],
)
def test_the_answer_to_the_message_decides(
    answer: str, outcome: type[Exception], smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.data_answer = answer
    sending = transport(smtp_server)

    with pytest.raises(outcome, match=f"^{answer[:3]}$"):
        send(sending, envelope())
    sending.close()


@pytest.mark.parametrize("answer", ["251 forwarded", "252 perhaps", "200 fine"])
def test_the_first_digit_alone_says_that_a_mail_was_taken(
    answer: str, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.taken_answer = answer
    sending = transport(smtp_server)
    send(sending, envelope())
    sending.close()

    assert len(smtp_server.accepted) == 1


@pytest.mark.parametrize("answer", ["354 go on", "150 perhaps", "OK queued"])
def test_after_an_answer_that_is_none_a_mail_is_in_doubt(
    answer: str, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.taken_answer = answer
    sending = transport(smtp_server)
    with pytest.raises(InDoubt):
        send(sending, envelope())

    smtp_server.behaviour.taken_answer = "250 OK"
    send(sending, envelope("bea@example.org"))
    sending.close()
    assert len(smtp_server.to("bea@example.org")) == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("552 5.3.4 too large", Refused),
        ("452 4.3.1 no room", Postponed),
        ("550 5.7.1 daily quota exceeded", Unreachable),
    ],
)
def test_a_sender_is_refused_for_all_mails_but_a_size_for_one(
    answer: str, outcome: type[Exception], smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.sender_answer = answer
    sending = transport(smtp_server)
    with pytest.raises(outcome, match=f"^{answer[:3]}$"):
        send(sending, envelope())

    smtp_server.behaviour.sender_answer = ""
    send(sending, envelope())
    sending.close()
    assert len(smtp_server.accepted) == 1


def test_a_server_that_is_away_holds_up_every_mail(smtp_server: SmtpServer) -> None:
    smtp_server.down()

    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        send(transport(smtp_server), envelope())


def test_a_line_that_was_cut_while_idle_is_not_the_mails_fault(smtp_server: SmtpServer) -> None:
    sending = transport(smtp_server)
    send(sending, envelope())
    send(sending, envelope())
    smtp_server.down()
    smtp_server.up()

    with pytest.raises(Unreachable):
        send(sending, envelope("bea@example.org"))
    send(sending, envelope("bea@example.org"))
    sending.close()

    assert len(smtp_server.to("bea@example.org")) == 1


def test_a_mail_whose_answer_never_came_is_in_doubt(smtp_server: SmtpServer) -> None:
    smtp_server.behaviour.hang_up = True

    with pytest.raises(InDoubt, match="SMTPServerDisconnected"):
        send(transport(smtp_server), envelope())


def test_a_folder_takes_each_mail_once_and_whole(tmp_path: Path) -> None:
    folder = FolderTransport(tmp_path / "mailbox")
    send(folder, envelope())
    send(folder, envelope())

    files = list((tmp_path / "mailbox").iterdir())
    assert len(files) == 1
    mail = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert mail["To"] == "ana@example.org"
    assert (tmp_path / "mailbox").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_a_server_that_is_away(tmp_path: Path) -> None:
    folder = FolderTransport(tmp_path / "mailbox")
    (tmp_path / "mailbox").rmdir()

    with pytest.raises(Unreachable):
        send(folder, envelope())


@given(to=st.text(max_size=40), subject=st.text(max_size=40))
def test_no_text_adds_a_header(to: str, subject: str) -> None:
    try:
        raw = envelope(f"{to}@example.org", subject=subject).octets
    except (ValueError, IndexError, MessageError):  # Python's mail package refuses: nothing leaves
        return
    mail = message_from_bytes(raw, policy=policy.default)
    assert sorted(mail.keys()) == HEADERS


@pytest.mark.parametrize(
    "to", ["ana@example.org\r\nBcc: eve@example.org", "ana@example.org\nBcc: eve@example.org"]
)
def test_a_line_break_in_an_address_never_leaves(to: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        envelope(to)
