"""A worker mails news to everybody who said yes, once, whatever breaks off meanwhile."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.models import StepKind
from petition.holds.models import HoldCause
from petition.jobs import actions as jobs
from petition.jobs.models import JobFailure, JobState, MadeFile
from petition.outbox import claiming
from petition.outbox.actions import postponed
from petition.outbox.models import OutboxMail
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.actions import stop_mail
from petition.signatures.models import Signature
from petition.updates import actions, mailing
from petition.updates.models import Update, UpdateKind
from petition.updates.unsubscribing import token_for
from tests.deliveries.making import go_on, handed_over, organiser
from tests.factories import NOON, OTHER_SLUG, make_ask, rows, sign, signed, signer, spoil
from tests.outbox.mails import beat
from tests.updates.telling import HEADS, as_recorded, desk, news, told, work_off


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


@pytest.fixture
def delivery(ask: Ask) -> int:
    """A delivery of it that was handed over."""
    return handed_over(organiser())


def says_yes(ask: Ask, number: int = 0, *, language: str = "en") -> Signature:
    """Have somebody sign who may be mailed; without a number, somebody new."""
    email = f"yes{number}@example.org" if number else ""
    return signed(ask, signer(email, mail_allowed=True, language=language))[0]


def state(update: Update) -> tuple[JobState, int]:
    """Return how far it is, and how many mails were written."""
    found = as_recorded(update)
    return found.job.state, found.mail_count


def test_everybody_who_said_yes_and_counts_gets_one_mail_and_nobody_else(
    ask: Ask, delivery: int
) -> None:
    first, second = says_yes(ask, 1), says_yes(ask, 2, language="ar")
    says_yes(make_ask(OTHER_SLUG), 3)
    signed(ask)
    sign(ask, signer(mail_allowed=True))
    signed(ask, signer(mail_allowed=True), hold=HoldCause.NETWORK)
    gone, stopped = says_yes(ask), says_yes(ask)
    broken = says_yes(ask)
    spoil(Signature, number=broken.id)
    with transaction():
        removals.withdraw(session.get_one(Signature, gone.id), now())
        stop_mail(session.get_one(Signature, stopped.id), now())
    update = told(delivery, organiser())
    says_yes(ask, 4)
    work_off()

    assert state(update) == (JobState.DONE, 2)
    assert as_recorded(update).finished_at == NOON
    assert update.signer_count == 3, "one of them cannot be opened"
    sent = sorted(news(), key=lambda one: one.origin or "")
    assert [one.message.to for one in sent] == ["yes1@example.org", "yes2@example.org"]
    assert ['dir="rtl"' in one.message.html for one in sent] == [False, True]
    for one, signature in zip(sent, (first, second), strict=True):
        assert one.message.link.endswith(f"/unsubscribe/{token_for(signature.id)}")
        assert one.origin == f"signature:{signature.id}"
    assert rows(MadeFile) == 0


def test_each_happening_is_told_once_for_ever(ask: Ask, delivery: int) -> None:
    says_yes(ask)
    by = organiser()
    told(delivery, by)
    with pytest.raises(Exception, match=r"told_once|UNIQUE constraint failed"):
        told(delivery, by)
    session.remove()
    go_on(delivery, StepKind.ANSWERED, by)
    told(delivery, by, UpdateKind.ANSWERED)
    go_on(delivery, StepKind.ANSWERED, by, words="And once more.")
    with pytest.raises(Exception, match=r"told_once|UNIQUE constraint failed"):
        told(delivery, by, UpdateKind.ANSWERED)
    session.remove()
    work_off()

    assert Counter(one.message.kind for one in news()) == {
        "news_handed_over": 1,
        "news_answered": 1,
    }


def test_a_worker_that_dies_anywhere_writes_to_nobody_twice_and_forgets_nobody(
    ask: Ask, delivery: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "AT_ONCE", 2)
    for number in range(1, 6):
        says_yes(ask, number)
    update = told(delivery, organiser())
    work = mailing.kinds(HEADS)["mailing"](update.job_id)
    with transaction():
        assert work.write_some(now())

    def die() -> None:
        with transaction():
            work.write_some(now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die()
    session.remove()
    work_off()

    assert state(update) == (JobState.DONE, 5)
    assert Counter(one.message.to for one in news()) == Counter(
        f"yes{number}@example.org" for number in range(1, 6)
    )


def test_no_more_wait_than_can_be_stopped_and_what_is_stopped_does_not_leave(
    ask: Ask, delivery: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "AT_ONCE", 2)
    monkeypatch.setattr(mailing, "MOST_WAITING", 2)
    for number in range(1, 6):
        says_yes(ask, number)
    update, by = told(delivery, organiser()), organiser()
    stopped = threading.Event()

    def full() -> bool:
        if rows(OutboxMail) >= 4:
            stopped.set()
        return stopped.is_set()

    monkeypatch.setattr(mailing.MailingWork, "waits", lambda _self, _at: full())
    desk(stopped).do_one()
    assert state(update) == (JobState.WAITING, 4)
    with transaction():
        assert actions.stop(session.get_one(Update, update.id), by, now())

    assert state(update) == (JobState.CANCELLED, 0)
    assert news() == []
    work_off()
    assert news() == []


def test_what_was_taken_back_is_told_no_further(ask: Ask, delivery: int) -> None:
    says_yes(ask)
    by = organiser()
    update = told(delivery, by)
    go_on(delivery, StepKind.RETRACTED, by)
    work_off()

    assert state(update) == (JobState.CANCELLED, 0)
    assert news() == []


def test_whoever_leaves_before_it_is_sent_gets_none(ask: Ask, delivery: int) -> None:
    withdrawn, quiet, struck, erased, stays = (says_yes(ask, n) for n in range(1, 6))
    by = organiser()
    told(delivery, by)
    work_off()
    with transaction():
        removals.withdraw(session.get_one(Signature, withdrawn.id), now())
        stop_mail(session.get_one(Signature, quiet.id), now())
        removals.invalidate(session.get_one(Signature, struck.id), by, "", now())
        removals.erase(session.get_one(Signature, erased.id), now())

    assert [one.origin for one in news()] == [f"signature:{stays.id}"]


@pytest.mark.parametrize("is_alive", [True, False])
def test_whoever_wants_no_more_gets_none_that_a_worker_had_in_hand(
    ask: Ask, delivery: int, noon: time_machine.Traveller, *, is_alive: bool
) -> None:
    quiet, stays = says_yes(ask, 1), says_yes(ask, 2)
    told(delivery, organiser())
    work_off()
    beat("w1", now())
    with transaction():
        claimed = claiming.claim_news("w1", now(), most=2)
    with transaction():
        stop_mail(session.get_one(Signature, quiet.id), now())
    for claim in claimed if is_alive else ():
        with transaction():
            postponed(claim, "451", now(), first_pause=timedelta(minutes=1))
    noon.shift(timedelta(hours=1))

    assert [one.origin for one in news()] == [f"signature:{stays.id}"]


def test_what_broke_off_is_gone_on_with_and_nothing_else(ask: Ask, delivery: int) -> None:
    says_yes(ask)
    by = organiser()
    update = told(delivery, by)
    first_job = update.job_id
    with transaction():
        assert not actions.go_on(session.get_one(Update, update.id), by, now())
        claim = jobs.claim("w1", ["mailing"], now())
        assert claim is not None
        jobs.fail(claim, JobFailure.LOST, now())
    with transaction():
        assert actions.go_on(session.get_one(Update, update.id), by, now())
    work_off()

    assert state(update) == (JobState.DONE, 1)
    assert as_recorded(update).job_id != first_job
    assert len(news()) == 1
