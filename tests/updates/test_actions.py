"""What is told is kept as it was seen, and noted in the log."""

import pytest
from flask import Flask
from sqlalchemy import select

from petition.audit.models import AuditEntry
from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.storage.database import session, transaction
from petition.jobs import actions as jobs
from petition.jobs.models import JobFailure, JobState
from petition.updates import actions
from petition.updates.models import Update
from tests.deliveries.making import handed_over, organiser
from tests.factories import make_ask, signed, signer
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


def test_stopping_what_was_written_takes_back_what_has_not_left(app: Flask) -> None:
    signed(make_ask(), signer(mail_allowed=True))
    update, by = told(handed_over(organiser()), organiser()), organiser()
    work_off()
    with transaction():
        assert not actions.stop(session.get_one(Update, update.id), by, now())

    assert news() == []
    assert as_recorded(update).mail_count == 0
    assert acts() == ["signers_told"]
