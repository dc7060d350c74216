"""The two databases, each migrated once for a worker and found clean by every test.

The product is imported where it is needed, so that the rules of the layout are checked, and
their breaches named, even while it does not import.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    MetaData,
    Table,
    create_engine,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.pool import NullPool

from tests.grounds.postgres import Postgres, running_postgres

KINDS = ("sqlite", "postgres")
MEMORY = Path("/dev/shm")
ROOM = 1024**3
"""Bytes that must be free there."""


class Databases:
    """Clean databases on request, for one worker."""

    def __init__(self, run: str, worker: str, folder: Path) -> None:
        self.folder = folder
        """Where the SQLite database lies that tests use in turn, so that its engine stays."""
        self._names = f"petition_{run}_{worker}"
        self._numbers = count(1)
        self._postgres_of_run = running_postgres(run)
        self._postgres: Postgres | None = None
        self._sqlite_template: Path | None = None
        self._postgres_template: str | None = None
        self._shared: SharedPostgres | None = None

    def clean(self, kind: str, folder: Path) -> str:
        """Return the URL of a migrated database in the state a new install has."""
        if kind == "sqlite":
            target = folder / "petition.sqlite3"
            for left in folder.glob(f"{target.name}?*"):  # what a test before has not written back
                left.unlink()
            shutil.copyfile(self._migrated_sqlite(), target)
            return f"sqlite:///{target}"
        if self._shared is None:
            self._shared = SharedPostgres(self.own("postgres", folder))
        self._shared.clean()
        return self._shared.url

    def own(self, kind: str, folder: Path) -> str:
        """Return the URL of a migrated database that no other test meets."""
        if kind == "sqlite":
            return self.clean(kind, folder)
        if self._postgres_template is None:
            self._postgres_template = self.empty_postgres()
            migrate(self._postgres_template)
        return self.copied_postgres(self._postgres_template)

    def empty(self, kind: str, folder: Path) -> str:
        """Return the URL of a database of its own without tables, for an install to migrate."""
        if kind == "sqlite":
            return f"sqlite:///{folder / 'petition.sqlite3'}"
        return self.empty_postgres()

    def empty_postgres(self) -> str:
        """Make a PostgreSQL database without tables; it is dropped at the end of the run."""
        if self._postgres is None:
            self._postgres = self._postgres_of_run.__enter__()
        return self._postgres.make_database(f"{self._names}_{next(self._numbers)}")

    def copied_postgres(self, url: str) -> str:
        """Make a copy of a PostgreSQL database that nobody uses."""
        assert self._postgres is not None
        return self._postgres.make_database(
            f"{self._names}_{next(self._numbers)}", template=make_url(url).database or ""
        )

    def close(self) -> None:
        """Drop what was made, and let go of the server."""
        if self._postgres is None:
            return
        for number in range(1, next(self._numbers)):
            self._postgres.drop_database(f"{self._names}_{number}")
        self._postgres_of_run.__exit__(None, None, None)

    def _migrated_sqlite(self) -> Path:
        if self._sqlite_template is None:
            path = self.folder / "template.sqlite3"
            migrate(f"sqlite:///{path}")
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._sqlite_template = path
        return self._sqlite_template


class SharedPostgres:
    """One migrated PostgreSQL database that tests use in turn."""

    def __init__(self, url: str) -> None:
        self.url = url
        # No connection stays: a restore leaves a database alone that somebody uses.
        self._engine = create_engine(url, poolclass=NullPool)
        tables = MetaData()
        with self._engine.begin() as connection:
            tables.reflect(connection)
            tables.remove(tables.tables["alembic_version"])
            self._first_rows = rows(connection, tables)
            numbered = connection.scalars(text("SELECT sequencename FROM pg_sequences")).all()
        self._used = text(_used(tables.tables, numbered))

    def clean(self) -> None:
        """Empty every table but for the rows that migrations put there.

        What a test has used is deleted: to truncate all takes a second, since each is a file.
        """
        with self._engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no guards
            again = connection.scalars(self._used).all()
            if again:
                connection.execute(text("; ".join(again)))
            for table, first in self._first_rows:
                connection.execute(insert(table), first)


def _used(tables: Iterable[str], sequences: Iterable[str]) -> str:
    """Return a query for what makes a database new again, a statement for each thing used."""
    emptied = [
        f'SELECT \'DELETE FROM "{one}"\' WHERE EXISTS (SELECT FROM "{one}")' for one in tables
    ]
    begun = [
        f'SELECT \'ALTER SEQUENCE "{one}" RESTART\' WHERE (SELECT is_called FROM "{one}")'
        for one in sequences
    ]
    return " UNION ALL ".join([*emptied, *begun])


def rows(connection: Connection, tables: MetaData) -> list[tuple[Table, list[dict[str, Any]]]]:
    """Return every table that has rows, with them, parents before children."""
    found = []
    for table in tables.sorted_tables:
        records = [dict(row) for row in connection.execute(select(table)).mappings()]
        if records:
            found.append((table, records))
    return found


def migrate(url: str) -> None:
    """Bring the database at this URL to the newest schema."""
    from petition.core.storage import database, migrating

    database.configure(url)
    migrating.upgrade()
    database.dispose()


@pytest.fixture(scope="session")
def databases(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, run_name: str
) -> Iterator[Databases]:
    """Clean databases on request."""
    with _in_memory() as folder:
        made = Databases(run_name, worker_id, folder or tmp_path_factory.mktemp("databases"))
        yield made
        made.close()


@contextmanager
def _in_memory() -> Iterator[Path | None]:
    """Yield a folder where nothing waits for a disk, or None where there is none with room."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        with TemporaryDirectory(prefix="petition-tests-", dir=MEMORY) as folder:
            yield Path(folder)
    else:
        yield None


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """The folder of a new install, with its keys in use."""
    from petition.core.keyring import sealing
    from petition.core.keyring.keys import KeyFile

    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    keys = KeyFile(folder / "keys.json")
    keys.create_if_missing()
    sealing.configure(keys)
    return folder


@pytest.fixture(params=[pytest.param(kind, id=kind) for kind in KINDS])
def database(request: pytest.FixtureRequest, databases: Databases, instance: Path) -> Iterator[str]:
    """The URL of a clean database, in use; the test runs once on each kind."""
    from petition.core.storage import database as core_database

    url = databases.clean(request.param, databases.folder)
    core_database.configure(url)
    yield url
    core_database.dispose()
