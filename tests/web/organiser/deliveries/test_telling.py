"""The signers are told from the desk: seen before, sent once with a fresh code, and followed."""

from datetime import timedelta

import pytest
import time_machine
from werkzeug.test import TestResponse

from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.storage.database import transaction
from petition.deliveries import telling
from petition.jobs import actions as jobs
from petition.jobs.models import JobFailure
from petition.organisers.models import Role
from petition.outbox import actions as outbox
from petition.updates.models import Update
from tests.factories import NOON, make_ask, rows, signed, signer
from tests.grounds.client import ReadingClient
from tests.organisers.people import code_of
from tests.updates.telling import news, work_off
from tests.web.organiser.conftest import LogIn, whose
from tests.web.organiser.deliveries.records import FORM, HANDED_OVER, planned, recorded
from tests.web.public.people import texts, words

pytestmark = pytest.mark.usefixtures("letters_open")


def handed_over(client: ReadingClient) -> str:
    """Plan a delivery and record that it was handed over; return the address of its record."""
    page = planned(client)
    recorded(client, page, "handed_over", **HANDED_OVER)
    return page


def says_yes(*languages: str) -> None:
    """Have somebody sign in each of these languages who may be mailed."""
    for language in languages:
        signed(make_ask(), signer(mail_allowed=True, language=language), at=NOON)


def csrf_of(client: ReadingClient, page: str) -> str:
    """Return the token that forms on a page carry."""
    field = client.visit(page).select_one("[name=csrf_token]")
    assert field is not None
    return str(field["value"])


def send(client: ReadingClient, page: str, code: str = "") -> TestResponse:
    """Press the button that sends it, with a fresh code."""
    given = {"code": code or code_of(whose(client))}
    return client.submit(page, client.visit(page), given, form=FORM)


def test_the_mail_is_seen_in_each_language_sent_once_and_followed_to_its_end(
    log_in: LogIn,
) -> None:
    says_yes("en", "ar")
    client = log_in(Role.EXPORTER)
    record = handed_over(client)
    page = f"{record}/news/handed_over"
    assert "Tell the signers of the hand-over" in words(client.visit(record))
    seen = client.visit(page)
    assert len(seen.select(".mail")) == len(LANGUAGES)
    assert "Signers who said yes to e-mail 2" in words(seen)
    assert "/en/unsubscribe/…" in words(seen)

    assert send(client, page, code="000000").status_code == 422
    assert rows(Update) == 0
    assert send(client, page).status_code == 303
    at_work = client.visit(page)
    assert "Waiting for its turn" in words(at_work)
    assert "No worker is running" in words(at_work)
    work_off()
    told = words(client.visit(page))
    assert "The mails are written" in told
    assert "Mails written 2" in told
    left = news()
    assert len(left) == 2
    with transaction():
        outbox.sent(left, now())

    assert "Told of the hand-over : 2 mails, 20 November 2026" in words(client.visit(record))
    assert client.visit(page).select(FORM) == []
    recorded(client, record, "retracted", words="It was another day.")
    assert "Told of the hand-over" in words(client.visit(record))


def test_what_did_not_happen_or_was_taken_back_cannot_be_told(log_in: LogIn) -> None:
    says_yes("en")
    client = log_in()
    record = planned(client)
    assert "News to the signers" not in words(client.visit(record))
    client.visit(f"{record}/news/handed_over", status=404)
    recorded(client, record, "handed_over", **HANDED_OVER)
    seen = client.visit(f"{record}/news/handed_over")
    client.visit(f"{record}/news/answered", status=404)
    recorded(client, record, "answered", words="We have read it.")
    given = {"code": code_of(whose(client))}
    moved_on = client.submit(f"{record}/news/handed_over", seen, given, form=FORM)
    assert "Something else was recorded meanwhile" in client.get(str(moved_on.location)).text
    assert rows(Update) == 0
    assert len(texts(client.visit(record).select("#news + ul a"))) == 2

    for _ in range(2):
        recorded(client, record, "retracted", words="It was a mistake.")
    assert "News to the signers" not in words(client.visit(record))


def test_it_can_be_stopped_and_what_broke_off_be_gone_on_with(log_in: LogIn) -> None:
    says_yes("en")
    client = log_in()
    record = handed_over(client)
    page = f"{record}/news/handed_over"
    send(client, page)
    with transaction():
        claim = jobs.claim("w1", ["mailing"], now())
        assert claim is not None
        jobs.fail(claim, JobFailure.LOST, now())
    broken = client.visit(page)
    assert "It broke off" in words(broken)
    client.submit(f"{page}/go-on", broken, {}, form="form[action$='/go-on']")
    again = client.visit(page)
    assert "Waiting for its turn" in words(again)
    work_off()
    left = news()
    written = client.visit(page)
    assert "The mails are written" in words(written)
    with transaction():
        outbox.sent(left, now())
    client.submit(f"{page}/stop", written, {}, form="form[action$='/stop']")
    assert "All mails had left" in words(client.visit(page))


def test_what_is_stopped_says_how_many_had_left(log_in: LogIn) -> None:
    says_yes("en", "fr", "ru")
    client = log_in()
    page = f"{handed_over(client)}/news/handed_over"
    send(client, page)
    work_off()
    mail, *_others = news()
    with transaction():
        assert outbox.begin_to_leave(mail)
    client.submit(f"{page}/stop", client.visit(page), {}, form="form[action$='/stop']")

    stopped = client.visit(page)
    assert "It was stopped At most 1 mail had left" in words(stopped)
    assert stopped.select("form[action*='/news/']") == []


def test_what_is_stopped_before_any_mail_left_can_be_told_anew(log_in: LogIn) -> None:
    says_yes("en")
    client = log_in()
    record = handed_over(client)
    page = f"{record}/news/handed_over"
    send(client, page)
    client.submit(f"{page}/stop", client.visit(page), {}, form="form[action$='/stop']")
    again = client.visit(page)
    assert "It was stopped before any mail left" in words(again)
    assert "Tell the signers of the hand-over" in words(client.visit(record))

    with time_machine.travel(now() + timedelta(minutes=1)):
        assert send(client, page).status_code == 303
    work_off()
    assert len(news()) == 1
    assert "Mails written 1" in words(client.visit(page))


def test_what_was_wrong_is_corrected_once_for_those_who_read_it(log_in: LogIn) -> None:
    says_yes("en", "fr")
    client = log_in()
    record = handed_over(client)
    send(client, f"{record}/news/handed_over")
    work_off()
    sent = news()
    with transaction():
        outbox.sent(sent, now())
    page = f"{record}/news/handed_over-correction"
    assert "The mails have left" in words(client.visit(f"{record}/news/handed_over"))
    client.visit(page, status=404)
    recorded(client, record, "retracted", words="It was another day.")
    client.visit(page, status=404)
    recorded(client, record, "handed_over", **HANDED_OVER)
    assert "Correct what the signers read of the hand-over" in words(client.visit(record))
    seen = words(client.visit(page))
    assert "Who got the mail that it corrects, at most 2" in seen
    assert "Correction: What you signed was handed over" in seen
    assert "It was another day." in seen
    shown = client.visit(page)
    with time_machine.travel(now() + telling.CORRECTABLE):
        late = log_in(Role.EXPORTER)
        given = {"code": code_of(whose(late)), "csrf_token": csrf_of(late, record)}
        too_late = late.submit(page, shown, given, form=FORM)
        assert too_late.location == record
        assert "cannot be corrected any more: 21 days" in words(late.visit(record))

    with time_machine.travel(now() + timedelta(minutes=1)):
        assert send(client, page).status_code == 303
    work_off()
    assert len(news()) == 2
    assert "Mails written 2" in words(client.visit(page))
    assert "Correction about the hand-over : 2 mails" in words(client.visit(record))


def test_whoever_only_looks_cannot_send_and_where_nobody_said_yes_nobody_can(
    log_in: LogIn,
) -> None:
    signed(make_ask(), at=NOON)
    client = log_in()
    page = f"{handed_over(client)}/news/handed_over"
    nobody = client.visit(page)
    assert "there is nobody to tell" in words(nobody)
    assert nobody.select(FORM) == []
    says_yes("en")

    assert log_in(Role.AUDITOR).visit(page).select(FORM) == []
