"""Several writes at once do what they would do one by one, on SQLite and PostgreSQL alike."""

from contextlib import suppress

import pytest
from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError

from petition.core.storage.database import rows_of, session, transaction
from petition.core.storage.database_faults import OF_A_DATABASE
from petition.core.storage.together import Write, addition, change, save_row, write
from petition.outbox.models import OutboxMail, Worker
from petition.signatures.models import Signature
from petition.supporters.models import MailAllowance
from tests.factories import NOON, make_ask, newest_signature, rows, sign

pytestmark = pytest.mark.usefixtures("database")


def worker(name: str) -> Write:
    """Return what adds a worker."""
    return addition(Worker, {"id": name, "started_at": NOON, "beat_at": NOON})


def test_all_of_them_are_done() -> None:
    sign(make_ask())
    mails = rows_of(OutboxMail)
    deletion = Write(
        delete(mails).where(mails.c.kind == bindparam("its_kind")),
        {"its_kind": "confirm_signature"},
    )
    renaming = change(Signature, newest_signature().id, {"country": "FR", "language": "fr"})
    with transaction():
        write(worker("one"), deletion, renaming)

    assert list(session.scalars(select(Worker.id))) == ["one"]
    assert rows(OutboxMail) == 0
    assert (newest_signature().country, newest_signature().language) == ("FR", "fr")


def test_where_one_is_refused_none_is_done() -> None:
    with transaction():
        write(worker("one"))
    day = {"tag": b"x" * 32, "day": NOON.date(), "used": 1}
    with pytest.raises(IntegrityError), transaction():
        write(addition(MailAllowance, day), worker("one"))

    assert rows(MailAllowance) == 0


def test_a_row_that_is_saved_alone_stays_whatever_becomes_of_the_next() -> None:
    save_row(Worker, {"id": "one", "started_at": NOON, "beat_at": NOON})
    with pytest.raises(OF_A_DATABASE):
        save_row(Worker, {"id": "one", "started_at": NOON, "beat_at": NOON})

    assert list(session.scalars(select(Worker.id))) == ["one"]


def test_a_connection_that_saved_a_row_alone_begins_transactions_again() -> None:
    save_row(Worker, {"id": "one", "started_at": NOON, "beat_at": NOON})
    with suppress(LookupError), transaction() as writing:
        writing.execute(delete(Worker))
        raise LookupError

    assert list(session.scalars(select(Worker.id))) == ["one"]
