"""News come with an upgrade and go with a way back; what people asked for leaves either way."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from petition.core.clock import now
from petition.core.storage.database import engine, rows_of, session, transaction
from petition.core.storage.migrating import upgrade
from petition.deliveries import telling
from petition.deliveries.models import StepKind
from petition.deliveries.queries import delivery_to_change
from petition.jobs import actions as jobs
from petition.jobs.models import Job, JobFailure, JobState
from petition.outbox import actions as outbox
from petition.outbox.models import OutboxMail
from petition.updates import actions as updates
from petition.updates.models import Update, UpdateKind
from tests.core.storage.migrations import back_to, differences
from tests.deliveries.making import go_on, handed_over, organiser
from tests.factories import make_ask, rows, signed, signer
from tests.updates.telling import as_recorded, news, told, work_off

OF_0048 = {
    *("petition_title", "organisation", "office", "day", "count", "counted"),
    *("words", "words_language"),
}
"""What was said of news then."""


@pytest.mark.usefixtures("own_database")
def test_on_the_way_back_no_news_wait_and_other_mail_does() -> None:
    signed(make_ask(), signer(mail_allowed=True))
    told(handed_over(organiser()), organiser())
    others = rows(OutboxMail)
    work_off()
    assert rows(OutboxMail) == others + 1
    back_to("0044")
    upgrade()

    assert (rows(OutboxMail), rows(Update), rows(Job)) == (others, 0, 0)
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_what_was_stopped_stays_so_and_a_correction_goes_on_the_way_back() -> None:
    signed(make_ask(), signer(mail_allowed=True))
    delivery, by = handed_over(organiser()), organiser()
    first = told(delivery, by)
    work_off()
    sent = news()
    with transaction():
        outbox.sent(sent, now())
    go_on(delivery, StepKind.RETRACTED, by)
    go_on(delivery, StepKind.HANDED_OVER, by)
    with transaction():
        found = delivery_to_change(delivery)
        assert found is not None
        telling.correct(found, UpdateKind.HANDED_OVER, by, now())
    work_off()
    go_on(delivery, StepKind.ANSWERED, by)
    stopped = told(delivery, by, UpdateKind.ANSWERED)
    with transaction():
        jobs.cancel(stopped.job_id, now())
    taken_back = told(handed_over(by), by)
    go_on(taken_back.delivery_id, StepKind.RETRACTED, by)
    session.remove()
    others = rows(OutboxMail)
    back_to("0046")
    upgrade()

    assert (rows(OutboxMail), rows(Update), rows(Job)) == (others - 1, 2, 2)
    assert as_recorded(stopped).stopped_at is None, "nobody may be told of it again"
    assert as_recorded(stopped).job.state is JobState.CANCELLED
    assert as_recorded(first).stopped_at is None
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_what_broke_off_and_was_stopped_stays_so_and_an_older_version_can_read_what_was_said() -> (
    None
):
    signed(make_ask(), signer(mail_allowed=True))
    delivery, by = handed_over(organiser()), organiser()
    update = told(delivery, by)
    with transaction():
        claim = jobs.claim("w1", ["mailing"], now())
        assert claim is not None
        jobs.fail(claim, JobFailure.LOST, now())
    with transaction() as writing:
        assert updates.stop(writing.get_one(Update, update.id), by, now())
        # of one that nobody got nothing would stay
        writing.execute(text("UPDATE delivery_update SET mail_count = 1"))
    back_to("0048")
    with engine().connect() as connection:
        said = connection.execute(select(rows_of(Update).c.said)).scalar_one()
        state = connection.execute(text("SELECT state FROM job")).scalar_one()
    upgrade()

    assert state == "cancelled"
    assert said["fr"].keys() == OF_0048
    assert said["en"]["office"] == "Foreign Secretary (United Kingdom)"
    again = as_recorded(update)
    assert (again.stopped_at, again.broke_off) == (again.job.ended_at, False)
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_a_migrated_table_tells_each_thing_once_and_of_a_delivery_that_there_is() -> None:
    signed(make_ask(), signer(mail_allowed=True))
    delivery, by = handed_over(organiser()), organiser()
    back_to("0044")
    upgrade()
    update = as_recorded(told(delivery, by))
    work_off()
    assert len(news()) == 1

    copied = (
        "INSERT INTO delivery_update (petition_id, delivery_id, step, kind, said, organiser_id, "
        "asked_at, job_id, signer_count, last_signature, mailed_until, mail_count) "
        "SELECT petition_id, delivery_id, step, kind, said, organiser_id, asked_at, job_id, "
        "signer_count, last_signature, mailed_until, mail_count FROM delivery_update "
        f"WHERE id = {update.id}"
    )
    again = (
        "INSERT INTO outbox_mail (kind, origin, state, message_id, content, content_key, "
        "created_at, due_at, attempts, claims, unconfirmed, news_of) SELECT kind, origin, "
        "'queued', 'x', content, content_key, created_at, due_at, 0, 0, unconfirmed, news_of "
        "FROM outbox_mail WHERE news_of IS NOT NULL"
    )
    refused = (
        copied,
        again,
        "UPDATE delivery_update SET delivery_id = 99",
        "UPDATE delivery_update SET kind = 'other'",
        "UPDATE delivery_update SET mail_count = -1",
        "UPDATE delivery_update SET corrects = 99",
    )
    for change in refused:
        with pytest.raises(IntegrityError), transaction() as writing:
            writing.execute(text(change))
        session.remove()
