"""No wait for the database is without end: real locks, and a network that swallows every byte."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from petition.core.storage import database as core_database
from petition.core.storage.database import connect_apart, engine, session, transaction
from petition.core.storage.long_reads import stream_rows, take_time
from petition.core.storage.patience import FOR_PAGES, FOR_WORK, Patience, Silent, StillAway
from tests.faults.visitors import wait_until
from tests.grounds.databases import Databases
from tests.grounds.proxies import Proxy, proxied

SHORT = Patience(lock=0.2, busy=0.2, statement=0.5, connections=2, pool=0.2)
SOON = 10.0
"""Seconds within which all that is bounded has long ended, on a busy machine too."""


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """A PostgreSQL database with one table, which nobody waits for long."""
    address = databases.empty_postgres()
    core_database.configure(address, SHORT)
    with transaction() as writing:
        writing.execute(text("CREATE TABLE thing (id integer PRIMARY KEY)"))
        writing.execute(text("INSERT INTO thing SELECT generate_series(1, 3)"))
    yield address
    core_database.dispose()


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    """The same, by way of a network that may fall silent."""
    with proxied(url) as between:
        core_database.configure(between.url, replace(SHORT, statement=0.5))
        yield between
        core_database.dispose()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold a lock on the table from another session."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as other:
        other.execute("LOCK TABLE thing")
        yield
        other.rollback()


def count() -> int:
    """Read the table on a connection of its own."""
    with engine().connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM thing")).scalar_one())


def is_back() -> bool:
    """Whether the database answers."""
    try:
        return count() == 3
    except (OperationalError, PoolTimeout):
        return False


def test_a_connection_that_breaks_when_all_is_read_fails_nobody_and_is_replaced(url: str) -> None:
    for _ in range(5):  # more than the pool has
        ours = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
        session.remove()
    assert session.execute(text("SELECT 1")).scalar_one() == 1
    session.remove()


def test_connections_that_end_while_nobody_uses_them_fail_nobody(url: str) -> None:
    held = [engine().connect() for _ in range(3)]
    ours = [one.execute(text("SELECT pg_backend_pid()")).scalar_one() for one in held]
    for one in held:
        one.close()
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as other:
        for pid in ours:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    held = [engine().connect() for _ in range(3)]
    anew = [one.execute(text("SELECT pg_backend_pid()")).scalar_one() for one in held]
    assert not set(ours) & set(anew)
    for one in held:
        one.close()


def test_what_only_reads_begins_no_transaction_and_what_writes_does(url: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    mine = text("SELECT pg_backend_pid()")

    def state_of(pid: int) -> str:
        with psycopg.connect(plain) as other:
            row = other.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [pid])
            return str(row.fetchall()[0][0])

    assert state_of(session.execute(mine).scalar_one()) == "idle"
    with transaction() as writing:
        assert state_of(writing.execute(mine).scalar_one()) == "idle in transaction"
    assert state_of(session.execute(mine).scalar_one()) == "idle"
    session.remove()


def test_a_lock_is_waited_for_briefly(url: str) -> None:
    with locked(url), pytest.raises(OperationalError, match="lock timeout"):
        count()
    assert count() == 3


def test_a_statement_ends_in_time_where_it_is_not_given_time(url: str) -> None:
    long = text("SELECT pg_sleep(0.7)")
    with engine().connect() as connection, pytest.raises(OperationalError, match="statement time"):
        connection.execute(long)
    with connect_apart() as connection:
        take_time(connection)
        connection.execute(long)
    with engine().connect() as connection, pytest.raises(OperationalError, match="statement time"):
        connection.execute(long)


def test_an_export_may_wait_and_take_its_time(url: str) -> None:
    rows = stream_rows(text("SELECT id, pg_sleep(0.3) FROM thing"))
    assert [row.id for row in rows] == [1, 2, 3]


def test_where_no_connection_is_free_one_is_not_waited_for_long(url: str) -> None:
    held = [engine().connect() for _ in range(4)]
    with pytest.raises(PoolTimeout):
        engine().connect()
    for connection in held:
        connection.close()


@pytest.fixture
def brief_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no answer longer than a test may take."""
    monkeypatch.setattr("petition.core.storage.patience.ON_ITS_WAY", 0.2)
    monkeypatch.setattr("petition.core.storage.patience.CONNECT_SECONDS", 2)


@pytest.mark.usefixtures("brief_silence")
def test_a_network_that_swallows_everything_binds_nobody_and_is_back_by_itself(
    proxy: Proxy,
) -> None:
    assert count() == 3
    proxy.is_silent = True
    begun = time.monotonic()
    with pytest.raises(OperationalError) as first:
        count()
    with pytest.raises(OperationalError) as second:
        count()
    assert time.monotonic() - begun < SOON
    assert isinstance(first.value.orig, Silent)
    assert first.value.connection_invalidated
    assert isinstance(second.value.orig, StillAway)

    proxy.is_silent = False
    wait_until(is_back, "the database does not come back", most=SOON)


@pytest.mark.usefixtures("brief_silence")
def test_while_one_tries_a_silent_database_the_others_fail_at_once(proxy: Proxy) -> None:
    count()
    proxy.is_silent = True
    with pytest.raises(OperationalError):
        count()
    until, tried = time.monotonic() + 3, proxy.connections

    def ask() -> None:
        while time.monotonic() < until:
            assert not is_back()

    askers = [threading.Thread(target=ask) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(SOON)
    assert 1 <= proxy.connections - tried <= 3  # each holds out for two seconds and then rests


@pytest.mark.usefixtures("brief_silence")
def test_a_session_survives_a_connection_that_went_silent(proxy: Proxy) -> None:
    session.execute(text("SELECT 1"))
    proxy.is_silent = True
    with pytest.raises(OperationalError), transaction() as writing:
        writing.execute(text("DELETE FROM thing"))
    session.remove()
    proxy.is_silent = False
    wait_until(is_back, "the database does not come back", most=SOON)


def test_pages_wait_less_for_a_busy_file_than_work_does(tmp_path: Path) -> None:
    waits = []
    for patience in (FOR_PAGES, FOR_WORK):
        core_database.configure(f"sqlite:///{tmp_path / 'a.sqlite3'}", patience)
        with engine().connect() as connection:
            waits.append(connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one())
    core_database.dispose()
    assert waits == [5_000, 15_000]
