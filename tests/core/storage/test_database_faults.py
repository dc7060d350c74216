"""Real faults of real databases are told from our own mistakes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from petition.core.storage.database_faults import Fault, fault_of
from tests.grounds.databases import Databases
from tests.grounds.mail import LOOPBACK, free_port


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite file with a table that is longer than a page."""
    path = tmp_path / "some.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, words TEXT)")
        connection.executemany("INSERT INTO thing VALUES (?, ?)", enumerate(["x" * 500] * 50))
        connection.commit()
    return path


def met(url: str, *statements: str, options: dict[str, object] | None = None) -> Fault | None:
    """Run statements on a connection of its own; return what the error means that they meet."""
    engine = create_engine(url, poolclass=NullPool, connect_args=options or {})
    with pytest.raises(SQLAlchemyError) as error, engine.connect() as connection:
        run(connection, statements)
    return fault_of(error.value)


def run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(text(statement))


INSERT = "INSERT INTO thing (words) SELECT words FROM thing"


def test_a_broken_file_is_broken(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * 20_000)
    assert met(f"sqlite:///{file}", "SELECT count(words) FROM thing") == Fault.BROKEN
    file.write_bytes(b"no database at all " * 100)
    assert met(f"sqlite:///{file}", "SELECT 1 FROM thing") == Fault.BROKEN


def test_a_file_without_room_or_without_leave_to_write_is_no_mistake_of_ours(file: Path) -> None:
    url = f"sqlite:///{file}"
    assert met(url, "PRAGMA max_page_count = 1", INSERT) == Fault.FULL
    assert met(url, "PRAGMA query_only = ON", INSERT) == Fault.READ_ONLY
    assert met(f"sqlite:///{file.parent / 'no' / 'where'}", "SELECT 1") == Fault.AWAY


def test_a_file_that_another_writes_to_is_busy(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        url = f"sqlite:///{file}"
        assert met(url, INSERT, options={"timeout": 0}) == Fault.BUSY


def test_what_a_driver_says_without_sqlalchemy_around_it_means_the_same(file: Path) -> None:
    with closing(sqlite3.connect(file)) as alone:
        alone.execute("PRAGMA query_only = ON")
        with pytest.raises(sqlite3.OperationalError) as refused:
            alone.execute(INSERT)
        with pytest.raises(sqlite3.OperationalError) as nonsense:
            alone.execute("SELECT FROM FROM")
    assert fault_of(refused.value) == Fault.READ_ONLY
    assert fault_of(nonsense.value) is None
    assert fault_of(psycopg.OperationalError("the connection is lost")) == Fault.AWAY


@pytest.fixture
def postgres(databases: Databases) -> str:
    """A PostgreSQL database with a table."""
    url = databases.empty_postgres()
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE TABLE thing (id integer PRIMARY KEY, words text)"))
    return url


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["SET TRANSACTION READ ONLY", "INSERT INTO thing VALUES (1)"], Fault.READ_ONLY),
        (["SELECT pg_terminate_backend(pg_backend_pid())"], Fault.AWAY),
        (["CREATE ROLE guest", "SET ROLE guest", "SELECT 1 FROM thing"], Fault.FORBIDDEN),
        (["SET statement_timeout = 50", "SELECT pg_sleep(5)"], Fault.BUSY),
        (["DO $$ BEGIN RAISE disk_full; END $$"], Fault.FULL),
        (["DO $$ BEGIN RAISE SQLSTATE 'XX001'; END $$"], Fault.BROKEN),
        (["DO $$ BEGIN RAISE lock_not_available; END $$"], Fault.BUSY),
        (["DO $$ BEGIN RAISE too_many_connections; END $$"], Fault.BUSY),
        (["DO $$ BEGIN RAISE cannot_connect_now; END $$"], Fault.AWAY),
        (["DO $$ BEGIN RAISE io_error; END $$"], Fault.AWAY),
    ],
)
def test_what_postgres_cannot_do_now(postgres: str, statements: list[str], fault: Fault) -> None:
    assert met(postgres, *statements) == fault


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO thing VALUES (1), (1)",
        "SELECT 1 FROM nowhere",
        "SELECT FROM FROM",
        "SELECT 1 / 0 WHERE 1 / 0 = 1",
    ],
)
def test_our_own_mistakes_stay_ours(postgres: str, file: Path, statement: str) -> None:
    assert met(postgres, statement) is None
    if "/ 0" not in statement:  # SQLite calls it NULL
        twice = statement.replace("(1), (1)", "(1, ''), (1, '')")
        assert met(f"sqlite:///{file}", twice) is None


def test_a_server_that_is_not_there_is_away(postgres: str) -> None:
    nobody = make_url(postgres).difference_update_query(["host"])
    nowhere = nobody.set(host=LOOPBACK, port=free_port())
    assert met(nowhere.render_as_string(hide_password=False), "SELECT 1") == Fault.AWAY
