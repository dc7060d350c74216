"""What is told is kept as it was seen, and noted in the log."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from petition.audit.models import AuditEntry
from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.storage.database import session, transaction
from petition.deliveries.models import StepKind
from petition.jobs import actions as jobs
from petition.jobs.models import JobFailure, JobState
from petition.outbox import actions as outbox
from petition.outbox.origins import SIGNATURE
from petition.outbox.queries import got_news
from petition.signatures.models import Signature
from petition.updates import actions
from petition.updates.models import Update
from tests.deliveries.making import go_on, handed_over, organiser
from tests.factories import make_ask, signed, signer
from tests.faults.visitors import wait_until
from tests.grounds.locks import somebody_waits
from tests.updates.telling import as_recorded, news, told, work_off

pytestmark = pytest.mark.usefixtures("app")


def acts() -> list[str]:
    """Return what was noted about news, oldest first."""
    found = session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()
    session.commit()
    return [act for act in found if "tell" in act or "told" in act]


def test_the_words_are_kept_in_each_language(app: Flask) -> None:
    make_ask()
    update = as_recorded(told(handed_over(organiser()), organiser()))

    assert update.said.keys() == set(LANGUAGES)
    language, said = update.news_in("fr")
    assert (language, said.counted, said.organisation) == ("fr", "1\u202f243", "Sample Coalition")
    assert update.news_in("de")[0] == "en"
    assert acts() == ["signers_told"]


@pytest.mark.parametrize("broke_off", [False, True])
def test_a_restored_backup_tells_nobody(app: Flask, *, broke_off: bool) -> None:
    signed(make_ask(), signer(mail_allowed=True))
    update, by = told(handed_over(organiser()), organiser()), organiser()
    with transaction():
        if broke_off:
            claim = jobs.claim("w1", ["mailing"], now())
            assert claim is not None
            jobs.fail(claim, JobFailure.LOST, now())
    with transaction():
        actions.stop_all(now())
    work_off()

    assert as_recorded(update).job.state is JobState.CANCELLED
    assert news() == []
    with transaction():
        assert not actions.go_on(session.get_one(Update, update.id), by, now())


def test_stopping_what_was_written_takes_back_what_has_not_left_and_is_noted(app: Flask) -> None:
    signed(make_ask(), signer(mail_allowed=True))
    update, by = told(handed_over(organiser()), organiser()), organiser()
    work_off()
    for is_first in (True, False):
        with transaction():
            assert actions.stop(session.get_one(Update, update.id), by, now()) is is_first

    assert news() == []
    stopped = as_recorded(update)
    assert (stopped.mail_count, stopped.stopped_at is not None) == (0, True)
    assert acts() == ["signers_told", "telling_stopped"]


def test_what_has_all_left_is_not_stopped(app: Flask) -> None:
    signed(make_ask(), signer(mail_allowed=True))
    update, by = told(handed_over(organiser()), organiser()), organiser()
    work_off()
    sent = news()
    with transaction():
        outbox.sent(sent, now())
    with transaction():
        assert not actions.stop(session.get_one(Update, update.id), by, now())

    assert (as_recorded(update).mail_count, as_recorded(update).stopped_at) == (1, None)


@pytest.mark.parametrize("answer", ["put off", "unreachable", "taken"])
def test_what_was_leaving_when_it_was_stopped_does_not_come_again_and_may_have_been_read(
    app: Flask, answer: str
) -> None:
    signed(make_ask(), signer(mail_allowed=True))
    update, by = told(handed_over(organiser()), organiser()), organiser()
    work_off()
    [mail] = news()
    with transaction():
        assert outbox.begin_to_leave(mail)
    with transaction():
        assert actions.stop(session.get_one(Update, update.id), by, now())
    with transaction():
        if answer == "put off":
            outbox.postponed(mail, "451", now(), first_pause=outbox.NO_WAIT)
        elif answer == "unreachable":
            outbox.released([mail])
        else:
            outbox.sent([mail], now())

    assert news() == []
    stopped = as_recorded(update)
    assert (stopped.mail_count, stopped.stopped_at is not None) == (1, True)
    with transaction():
        its = got_news(update.id, SIGNATURE, Signature.id)
        assert len(session.scalars(select(Signature.id).where(its)).all()) == 1


def broken_off(by: int) -> Update:
    """Have news told whose job was given up."""
    signed(make_ask(), signer(mail_allowed=True))
    update = told(handed_over(by), by)
    with transaction():
        claim = jobs.claim("w1", ["mailing"], now())
        assert claim is not None
        jobs.fail(claim, JobFailure.LOST, now())
    return update


def test_what_broke_off_and_is_stopped_or_taken_back_is_not_gone_on_with(app: Flask) -> None:
    by = organiser()
    update = broken_off(by)
    go_on(update.delivery_id, StepKind.RETRACTED, by)
    with transaction():
        assert not actions.go_on(session.get_one(Update, update.id), by, now())
    work_off()

    assert news() == []
    assert acts() == ["signers_told", "telling_stopped"]


def test_who_stops_what_another_goes_on_with_meanwhile_stops_that(app: Flask) -> None:
    by = organiser()
    update = broken_off(by)
    seen = session.get_one(Update, update.id)
    seen_job = seen.job.id

    def other() -> None:
        with transaction():
            assert actions.go_on(session.get_one(Update, update.id), by, now())
        session.remove()

    colleague = threading.Thread(target=other)
    colleague.start()
    colleague.join()
    assert seen.job_id == seen_job
    with transaction():
        assert actions.stop(seen, by, now())
    work_off()

    assert news() == []
    assert as_recorded(update).job.state is JobState.CANCELLED


def test_who_goes_on_at_the_moment_at_which_another_stops_does_so_before_or_not_at_all(
    app: Flask, database: str
) -> None:
    if not database.startswith("postgres"):
        pytest.skip("on SQLite nobody writes beside another")
    by = organiser()
    update = broken_off(by)
    gone_on = list[bool]()

    def other() -> None:
        with transaction():
            gone_on.append(actions.go_on(session.get_one(Update, update.id), by, now()))
        session.remove()

    colleague = threading.Thread(target=other)
    with transaction():
        assert actions.stop(session.get_one(Update, update.id), by, now())
        colleague.start()
        wait_until(somebody_waits, "nobody waits")
    colleague.join()
    work_off()

    assert gone_on == [False]
    assert news() == []
