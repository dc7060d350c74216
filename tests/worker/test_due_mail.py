"""News leave when nobody waits for another mail, and never all that a mailbox gets in a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.links.letterhead import Addressee, Letterhead
from petition.outbox import actions as outbox
from petition.outbox import claiming
from petition.outbox.actions import post_all, queued
from petition.outbox.models import MailState, OutboxMail
from petition.outbox.queries import due_since, news_waiting
from petition.supporters.actions import may_mail
from petition.supporters.models import MAILS_A_DAY, NEWS_A_DAY
from petition.updates.emails import News, links_for, news_mail
from petition.worker.due_mail import NEWS_AT_ONCE, begins_to_leave, due_mail
from petition.worker.loops import Worker
from tests.faults.visitors import wait_until
from tests.grounds.locks import somebody_waits
from tests.grounds.mail import SmtpServer
from tests.letters import posting
from tests.outbox.mails import beat, only_mail, post

CEILING = 100
NEWS = News("Act on this", "Sample Coalition", "Minister (Canada)", "1 May 2026", 12, "12")


def post_news(*people: str, number: int = 1) -> None:
    """Queue news to these people."""
    head, links = Letterhead("Test", "http://localhost", "en"), links_for(1, "act", "A" * 32)
    mails = [
        (news_mail("handed_over", NEWS, Addressee(one, "en"), links, head), f"signature:{at}")
        for at, one in enumerate(people, 1)
    ]
    with transaction():
        post_all([queued(mail, origin, now(), news_of=number) for mail, origin in mails])


def due() -> list[str]:
    """Claim what is due, and return to whom it goes."""
    with transaction():
        return [one.message.to for one in due_mail("w1", CEILING, now())]


@pytest.mark.usefixtures("database")
def test_news_wait_behind_all_other_mail_however_old_they_are() -> None:
    beat("w1", now())
    post_news(*(f"reader{number}@example.org" for number in range(NEWS_AT_ONCE + 5)))
    post("signs@example.org", at=now())

    assert due() == ["signs@example.org"]
    assert due() == ["signs@example.org"], "it is still to be sent"
    with transaction():
        session.query(OutboxMail).filter(OutboxMail.news_of.is_(None)).delete()
    assert len(due()) == NEWS_AT_ONCE
    assert news_waiting(now()) == NEWS_AT_ONCE + 5


@pytest.mark.usefixtures("database")
def test_news_that_wait_long_alarm_nobody() -> None:
    post_news("ana@example.org")

    assert due_since(now() + timedelta(days=1), CEILING) is None


@pytest.mark.usefixtures("database")
def test_some_mails_of_the_day_are_left_for_what_people_ask_for() -> None:
    for number in range(1, MAILS_A_DAY + 1):
        post_news("ana@example.org", number=number)
    assert due() == ["ana@example.org"] * NEWS_A_DAY
    assert due() == ["ana@example.org"] * NEWS_A_DAY, "they are still this worker's"
    with transaction():
        assert may_mail(["ana@example.org"] * 3, now()) == [True, True, False]
    states = {(mail.state.value, mail.last_answer) for mail in session.query(OutboxMail)}
    assert ("queued", "daily cap") in states
    session.commit()


def test_news_wait_for_letters_too(letter_worker: Worker, noon: time_machine.Traveller) -> None:
    posting.queued()
    with transaction():
        session.query(OutboxMail).delete()
    post_news("ana@example.org")

    assert due() == []
    while letter_worker.letter_post.send_letters():
        pass
    assert due() == ["ana@example.org"]


def test_news_come_from_their_own_sender_and_say_how_to_end_them(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    post_news("ana@example.org")
    post("signs@example.org", at=now())
    while worker.send_mail():
        pass
    worker.send_mail()
    worker.transport.close()

    [news], [other] = smtp_server.to("ana@example.org"), smtp_server.to("signs@example.org")
    assert news["From"] == "news@example.org"
    assert other["From"] == "petitions@example.org"
    assert news["List-Unsubscribe"] == f"<http://localhost/en/unsubscribe/{'A' * 32}>"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in other


@pytest.mark.usefixtures("database")
def test_news_that_are_taken_back_do_not_leave_though_a_worker_has_them() -> None:
    post_news("ana@example.org", "leaves@example.org")
    beat("w1", now())
    with transaction():
        ana, leaves = due_mail("w1", CEILING, now())
    assert begins_to_leave(leaves)
    with transaction():
        assert outbox.take_back_news(1, now()) == (1, 1)

    assert not begins_to_leave(ana)
    with transaction():
        outbox.sent([leaves], now())
    assert [mail.last_answer for mail in session.query(OutboxMail)] == ["in doubt"]
    session.commit()


@pytest.mark.parametrize("verb", ["gives back", "takes back"])
def test_whoever_wants_the_same_news_locks_them_in_the_order_of_their_numbers(
    database: str, verb: str
) -> None:
    if not database.startswith("postgres"):
        pytest.skip("on SQLite nobody writes beside another")
    post_news("ana@example.org", "ben@example.org", "cleo@example.org")
    with transaction():
        first, second, third = claims = claiming.claim_news("w1", now(), most=3)
    assert begins_to_leave(first)  # and so its row lies behind the others now

    def act() -> None:
        with transaction():
            if verb == "gives back":
                outbox.released(claims)
            else:
                outbox.take_back_news(1, now())
        session.remove()

    def free() -> set[int]:
        with transaction() as looking:
            rows = select(OutboxMail.id).with_for_update(skip_locked=True)
            found = set(looking.scalars(rows))
        session.remove()
        return found

    with ThreadPoolExecutor(2) as beside, transaction() as holding:
        holding.execute(select(OutboxMail.id).where(OutboxMail.id == second.id).with_for_update())
        acts = beside.submit(act)
        wait_until(somebody_waits, "nobody waits")
        assert beside.submit(free).result() == {third.id}
    acts.result()


@pytest.mark.usefixtures("database")
def test_news_over_which_a_worker_dies_do_not_leave_again_and_the_others_do() -> None:
    post_news("ana@example.org", "ben@example.org")
    beat("w0", now() - timedelta(minutes=1))
    with transaction():
        ana, ben = claiming.claim_news("w0", now(), most=2)
    assert begins_to_leave(ana)
    beat("w1", now())

    assert due() == [ben.message.to]
    gone = session.get_one(OutboxMail, ana.id, populate_existing=True)
    assert (gone.state, gone.last_answer, gone.content) == (MailState.FAILED, "in doubt", None)
    session.commit()


def test_news_over_which_the_line_breaks_do_not_leave_again(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    post_news("ana@example.org")
    smtp_server.behaviour.hang_up = True
    for _ in range(3):
        worker.send_mail()
    worker.transport.close()

    assert len(smtp_server.to("ana@example.org")) == 1
    mail = only_mail()
    assert (mail.state, mail.last_answer, mail.attempts) == (MailState.FAILED, "in doubt", 0)


def test_news_that_the_server_puts_off_leave_later(worker: Worker, smtp_server: SmtpServer) -> None:
    post_news("ana@example.org")
    smtp_server.behaviour.data_answer = "451 4.3.0 try again later"
    worker.send_mail()
    worker.transport.close()

    mail = only_mail()
    assert (mail.state, mail.leaving, mail.attempts) == (MailState.QUEUED, False, 1)
