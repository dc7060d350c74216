"""When what was written stays, on SQLite and PostgreSQL alike."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petition.core.storage.database import engine, rows_of, session, single_statements, transaction
from petition.outbox.models import Worker
from tests.factories import NOON

Open = Callable[[], AbstractContextManager[Connection | Session]]


def write_twice(opened: Open) -> None:
    """Write a row, and then the same again, which is refused."""
    row = {"id": "one", "started_at": NOON, "beat_at": NOON}
    with contextlib.suppress(IntegrityError), opened() as writing:
        writing.execute(insert(rows_of(Worker)), row)
        writing.execute(insert(rows_of(Worker)), row)
        pytest.fail("the same row twice")


def kept() -> list[str]:
    """Return the rows that stayed."""
    return list(session.scalars(select(Worker.id)))


@pytest.mark.usefixtures("database")
def test_of_a_transaction_all_stays_or_nothing() -> None:
    write_twice(transaction)
    assert kept() == []


@pytest.mark.usefixtures("database")
def test_each_single_statement_stays_whatever_becomes_of_the_next() -> None:
    write_twice(single_statements)
    assert kept() == ["one"]


@pytest.mark.usefixtures("database")
def test_a_connection_that_was_used_for_single_statements_begins_transactions_again() -> None:
    with single_statements() as connection:
        connection.execute(select(Worker.id))
    write_twice(transaction)
    assert kept() == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL ends it by itself
def test_a_commit_that_fails_leaves_no_transaction_to_whoever_gets_the_connection_next() -> None:
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    session.execute(text("INSERT INTO tally (petition_id, count) VALUES (1, 0)"))
    with pytest.raises(IntegrityError):
        session.commit()
    session.remove()

    with engine().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM tally")) == 0
