"""A worker whose database fails it, or is another one than a moment ago."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.letter.models import Letter, LetterState
from petition.letters.post.models import LetterBatch, LetterPlace
from petition.outbox.actions import post as queue
from petition.outbox.models import MailState, OutboxMail, UnconfirmedMail
from petition.worker.loops import Worker
from tests.grounds.mail import SmtpServer
from tests.letters.posting import queued
from tests.outbox.mails import to_write
from tests.worker.letter_work import nothing_can_be_noted, states, work


def test_a_mail_counts_once_for_the_ceiling_though_the_database_failed_meanwhile(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    with transaction():
        for number in range(3):
            queue(to_write(), origin=f"signature:{number}", at=now(), unconfirmed=True)
    smtp_server.behaviour.rcpt_answer = "550 5.1.1 no such mailbox"
    with nothing_can_be_noted("outbox_mail"), pytest.raises(DatabaseError):
        worker.send_mail()
    session.remove()
    smtp_server.behaviour.rcpt_answer = ""
    worker.send_mail()
    worker.transport.close()

    assert session.scalars(select(OutboxMail.state)).all() == [MailState.SENT] * 3
    assert session.scalars(select(UnconfirmedMail.used)).all() == [3]


@pytest.mark.parametrize("answer", ["250 OK", "550 5.7.1 refused"])
def test_a_letter_of_which_a_standby_does_not_know_is_not_sent_again(
    answer: str, letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.taken_answer = answer
    smtp_server.when_taken = as_a_standby_has_it
    queued()
    work(letter_worker)

    assert len(smtp_server.accepted) == 1
    assert states() == ["sent" if answer == "250 OK" else "failed"]


def as_a_standby_has_it() -> None:
    """Take back what was written of a batch, as where a standby takes the database's place."""
    with transaction() as writing:
        writing.execute(update(Letter).values(state=LetterState.QUEUED, claimed_by=None))
        writing.execute(delete(LetterPlace))
        writing.execute(delete(LetterBatch))
    session.remove()
