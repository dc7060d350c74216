"""The worker: what it sends, what holds it up, what it tidies."""

import json
import logging
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from petition.core.clock import now
from petition.core.keyring.sealing import keys
from petition.core.log import JsonLines, log
from petition.core.storage.database import session, transaction
from petition.links.letterhead import PAGES, Letterhead
from petition.outbox.actions import MOST_ATTEMPTS, UNWRITABLE_PAUSE
from petition.outbox.models import MailState, OutboxMail
from petition.outbox.models import Worker as Beat
from petition.signatures.models import Signature
from petition.supporters.models import MAILS_A_DAY
from petition.worker.loops import Worker
from tests.factories import make_ask, rows, sign, signer, take_in_all
from tests.grounds.mail import SmtpServer
from tests.outbox.mails import only_mail, post
from tests.worker.letter_work import nothing_can_be_noted


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What is logged, a line for each."""
    lines: list[dict[str, object]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(JsonLines().format(record)))

    monkeypatch.setattr(log, "handlers", [Kept()])
    monkeypatch.setattr(log, "propagate", False)
    return lines


def states() -> list[MailState]:
    """Return where each mail is, oldest first."""
    found = [mail.state for mail in session.query(OutboxMail).order_by(OutboxMail.id)]
    session.commit()
    return found


def test_mail_leaves_oldest_first_and_once(worker: Worker, smtp_server: SmtpServer) -> None:
    people = [f"supporter{number}@example.org" for number in range(25)]
    for number, one in enumerate(people):
        post(one, at=now() - timedelta(minutes=25 - number))
    while worker.send_mail():
        pass
    worker.send_mail()
    worker.transport.close()

    sent = [one.recipients[0] for one in smtp_server.accepted]
    assert sent == people
    assert set(states()) == {MailState.SENT}


def test_a_mail_that_does_not_open_holds_up_no_other(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    post("broken@example.org", at=now() - timedelta(hours=1))
    with transaction() as writing:
        writing.execute(update(OutboxMail).values(content=b"x" * 50))
    post("ana@example.org", at=now())
    worker.send_mail()
    worker.transport.close()

    assert len(smtp_server.to("ana@example.org")) == 1
    assert states() == [MailState.QUEUED, MailState.SENT]


@pytest.mark.parametrize("answer", ["550 5.7.1 daily quota exceeded", "421 4.7.0 too busy"])
def test_a_server_that_refuses_our_own_address_loses_no_mail(
    worker: Worker, smtp_server: SmtpServer, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petition.worker.pause.LONGEST_WAIT_FOR_SERVER", 0.0)
    for number in range(3):
        post(f"supporter{number}@example.org", at=now())
    smtp_server.behaviour.sender_answer = answer
    worker.send_mail()
    assert set(states()) == {MailState.QUEUED}

    smtp_server.behaviour.sender_answer = ""
    worker.send_mail()
    worker.transport.close()
    assert set(states()) == {MailState.SENT}


@pytest.mark.parametrize("place", ["rcpt_answer", "data_answer"])
def test_a_server_that_goes_away_makes_every_mail_wait_and_blames_none(
    place: str, worker: Worker, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petition.worker.pause.LONGEST_WAIT_FOR_SERVER", 0.0)
    for number in range(4):
        post(f"supporter{number}@example.org", at=now())
    setattr(smtp_server.behaviour, place, "421 4.3.2 shutting down")
    worker.send_mail()
    assert smtp_server.connections == 1
    found = session.query(OutboxMail.state, OutboxMail.attempts, OutboxMail.last_answer).all()
    assert set(map(tuple, found)) == {(MailState.QUEUED, 0, "not tried")}
    session.remove()

    setattr(smtp_server.behaviour, place, "")
    worker.send_mail()
    worker.transport.close()
    assert set(states()) == {MailState.SENT}


def test_a_mail_over_which_the_server_went_away_lets_the_others_go_first(
    worker: Worker, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petition.worker.pause.LONGEST_WAIT_FOR_SERVER", 0.0)
    post("drives-away@example.org", at=now() - timedelta(hours=1))
    post("ana@example.org", at=now())
    smtp_server.behaviour.rcpt_answers = {"drives-away@example.org": "421 4.7.0 go away"}
    worker.send_mail()
    assert smtp_server.accepted == []
    worker.send_mail()
    worker.transport.close()

    assert len(smtp_server.to("ana@example.org")) == 1
    assert states() == [MailState.QUEUED, MailState.SENT]


@pytest.mark.parametrize(
    ("place", "answer", "words"),
    [
        ("rcpt_answer", "451 4.7.1 not now, ana@example.org", "a mail was put off"),
        ("data_answer", "450 4.2.0 greylisted", "a mail was put off"),
        ("rcpt_answer", "550 5.1.1 no ana@example.org here", "a mail was refused"),
    ],
)
def test_a_mail_that_is_not_taken_is_a_line_of_the_log_that_names_nobody(
    place: str,
    answer: str,
    words: str,
    worker: Worker,
    smtp_server: SmtpServer,
    logged: list[dict[str, object]],
) -> None:
    post("ana@example.org", at=now())
    setattr(smtp_server.behaviour, place, answer)
    worker.send_mail()
    worker.transport.close()

    [line] = logged
    assert (line["event"], line["answer"]) == (words, answer[:3])
    assert "ana" not in str(line)


def test_a_mail_that_cannot_be_written_for_a_week_is_given_up_with_a_line_in_the_log(
    worker: Worker, logged: list[dict[str, object]]
) -> None:
    post("ana@example.org", at=now())
    spoiled = {"content": b"x" * 50, "attempts": MOST_ATTEMPTS}
    with transaction() as writing:
        writing.execute(update(OutboxMail).values(spoiled))
    worker.send_mail()

    assert states() == [MailState.FAILED]
    assert [line["event"] for line in logged] == ["a mail cannot be written", "a mail was given up"]


def test_mails_that_left_while_the_database_was_away_are_noted_later_and_not_sent_again(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    post("ana@example.org", at=now())
    with nothing_can_be_noted("outbox_mail"), pytest.raises(DatabaseError):
        worker.send_mail()
    session.remove()
    assert states() == [MailState.SENDING]
    worker.send_mail()
    worker.transport.close()

    assert states() == [MailState.SENT]
    assert len(smtp_server.accepted) == 1


def test_a_mail_under_a_key_that_is_still_on_its_way_leaves_later(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    post("ana@example.org", at=now())
    with transaction() as writing:
        writing.execute(update(OutboxMail).values(content_key="gone"))
    worker.send_mail()
    assert states() == [MailState.QUEUED]

    with transaction() as writing:
        writing.execute(update(OutboxMail).values(content_key=keys().current))
    with time_machine.travel(now() + UNWRITABLE_PAUSE):
        worker.send_mail()
    worker.transport.close()
    assert len(smtp_server.to("ana@example.org")) == 1


def test_a_mail_that_cannot_be_built_holds_up_no_other(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    post("no address", at=now() - timedelta(hours=1))
    post("ana@example.org", at=now())
    worker.send_mail()
    worker.transport.close()

    assert len(smtp_server.to("ana@example.org")) == 1
    assert states() == [MailState.QUEUED, MailState.SENT]


def test_a_mail_that_breaks_its_connection_holds_up_no_other(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.hang_up = True
    post("breaks@example.org", at=now() - timedelta(hours=1))
    worker.send_mail()
    smtp_server.behaviour.hang_up = False
    assert only_mail().attempts == 1
    post("ana@example.org", at=now())
    worker.send_mail()
    worker.transport.close()

    assert len(smtp_server.to("ana@example.org")) == 1


def test_a_mailbox_that_had_five_mails_today_gets_the_next_tomorrow(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    for _ in range(MAILS_A_DAY + 1):
        post("nadia@example.org", at=now())
    worker.send_mail()
    assert len(smtp_server.to("nadia@example.org")) == MAILS_A_DAY

    with time_machine.travel(now() + timedelta(days=1)):
        worker.send_mail()
    worker.transport.close()
    assert len(smtp_server.to("nadia@example.org")) == MAILS_A_DAY + 1
    assert set(states()) == {MailState.SENT}


def test_a_worker_gives_a_sign_of_life_and_tidies_up(worker: Worker) -> None:
    with time_machine.travel(now() - timedelta(days=9)):
        sign(make_ask(), signer())
    worker.beat()
    assert rows(Beat) == 1
    take_in_all()
    worker.do_chores()
    worker.transport.close()

    assert rows(Signature) == 0


def test_the_addresses_in_mails_are_those_of_the_pages(app: Flask) -> None:
    head = Letterhead("Test", "http://localhost", "fr")
    addresses = app.url_map.bind("localhost")
    found = [
        addresses.match(url.removeprefix("http://localhost"))
        for url in (head.address(kind, purpose, "x") for kind, purpose in PAGES)
    ]

    given = {"lang": "fr", "token": "x"}
    assert found == [
        ("public.petitions.confirming.show", given),
        ("public.petitions.managing.show", given),
        ("public.letters.confirming.show", given),
        ("public.letters.managing.show", given),
    ]
