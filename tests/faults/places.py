"""Places at which a database can fail a process: each statement and each COMMIT, one by one.

The fault is made at the driver, below everything of ours: PostgreSQL raises it itself or loses a
socket that is cut; on SQLite, which has neither server nor socket, the driver raises what it does
when the disk fails.
"""

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn
from weakref import WeakSet

import psycopg
from sqlalchemy import Engine, event, text

from config import Config
from petition.core.errors import InstallUnfit
from petition.core.storage import database
from petition.core.storage.database import engine, session
from petition.opening import open_instance

FULL = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'full'; END $$"


class Way(StrEnum):
    """How a place fails."""

    BEFORE = "error-before"
    """The database refuses the statement."""
    AFTER = "error-after"
    """It has run, and is refused at its end; the transaction with it."""
    LOST = "connection-lost"
    UNANSWERED = "commit-unanswered"
    """The transaction is committed, and the connection breaks before that is said."""
    GONE = "process-gone"
    """The process ends once the statement has run."""


class Gone(BaseException):
    """The process is no more. No code of ours may catch it and go on."""


@dataclass
class Places:
    """Counts the places that a process passes, and fails at one of them."""

    config: Config
    way: Way | None = None
    number: int = 0
    """Which place fails, from 1; only those that the way has are counted."""
    passed: int = 0
    commits: int = 0
    """How many of all places were COMMITs."""
    lives: int = 0
    """How many processes have started."""
    is_gone: bool = False
    others: WeakSet[Any] = field(default_factory=WeakSet)
    """The connections of the present process, also those that no pool knows any more."""

    def start_process(self) -> None:
        """Connect to the database as a process that starts, in the place of any before it."""
        self.is_gone = False
        self.others.clear()
        self.lives += 1
        open_instance(self.config)
        if not event.contains(Engine, "checkout", self._watch):  # of whatever is opened besides
            event.listen(Engine, "checkout", self._watch)
            event.listen(Engine, "do_connect", _connect_to_sqlite)
        engine().dispose()  # what was connected before that is not watched
        with suppress(InstallUnfit):  # who goes on says so
            session.execute(text("SELECT 1"))  # the dialect asks its own questions once
        session.remove()

    def leave(self) -> None:
        """Fail nothing any more: an engine is kept for the tests that follow."""
        event.remove(Engine, "checkout", self._watch)
        event.remove(Engine, "do_connect", _connect_to_sqlite)
        database.dispose()

    @contextmanager
    def failing(self, way: Way, number: int) -> Iterator[None]:
        """Fail at this place, once; what was reached is known afterwards."""
        self.way, self.number, self.passed, self.commits = way, number, 0, 0
        try:
            yield
        finally:
            self.way = None

    @property
    def was_reached(self) -> bool:
        """Whether it came to the fault."""
        return self.passed >= self.number

    def _watch(self, connection: Any, *_: Any) -> None:
        self.require_life()
        if not isinstance(connection, SqliteConnection | PostgresConnection):
            connection.__class__ = _watched(type(connection))
            connection.cursor_factory = PostgresCursor
            connection.server_cursor_factory = PostgresServerCursor
        connection.places = self
        self.others.add(connection)

    def require_life(self) -> None:
        """Raise Gone where the process has ended."""
        if self.is_gone:
            raise Gone

    def run(self, connection: Any, work: Callable[[], Any], *, commits: bool) -> Any:
        """Run one statement, or fail it."""
        self.require_life()
        way = self.way
        self.commits += commits
        if way is None or not self._is_here(way, commits=commits):
            return work()
        if way is Way.LOST:
            connection.break_off()
            return work()
        if way is Way.BEFORE:
            connection.refuse(commits=commits)
        work()
        if way is Way.AFTER:
            connection.refuse(commits=commits)
        if way is Way.UNANSWERED:
            connection.fall_silent()
        self.is_gone = True
        connection.end()
        self.others.discard(connection)
        for other in self.others:
            with suppress(sqlite3.ProgrammingError, psycopg.OperationalError):  # closed before
                other.end()
                other.close()
        raise Gone

    def _is_here(self, way: Way, *, commits: bool) -> bool:
        if (way is Way.UNANSWERED and not commits) or (way is Way.AFTER and commits):
            return False
        self.passed += 1
        return self.passed == self.number


class SqliteConnection(sqlite3.Connection):
    """A connection whose disk may fail."""

    places: Places | None = None
    """None while it is prepared."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._cursors = WeakSet[sqlite3.Cursor]()

    def cursor(self, *_: Any) -> Any:
        """Return a cursor that passes places."""
        made = super().cursor(SqliteCursor)
        self._cursors.add(made)
        return made

    def commit(self) -> None:
        """Pass a place, and commit."""
        assert self.places is not None
        self.places.run(self, super().commit, commits=True)

    def refuse(self, *, commits: bool) -> NoReturn:
        """Fail as where no space is left; after a COMMIT that fails the transaction is open."""
        del commits
        raise _sqlite_error("database or disk is full", sqlite3.SQLITE_FULL)

    def break_off(self) -> NoReturn:
        """Fail as where the disk does: SQLite rolls back by itself."""
        self.rollback()
        self.fall_silent()

    def fall_silent(self) -> NoReturn:
        """Fail where it may have been done or not."""
        raise _sqlite_error("disk I/O error", sqlite3.SQLITE_IOERR)

    def end(self) -> None:
        """Let go of everything, as the kernel does for a process that ends."""
        for cursor in self._cursors:  # one that is open would keep its locks
            cursor.close()
        self.rollback()
        self.close()


def _sqlite_error(words: str, code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


def _connect_to_sqlite(dialect: Any, _record: Any, given: Any, named: Any) -> Any:
    if dialect.name != "sqlite":
        return None
    return sqlite3.connect(*given, factory=SqliteConnection, **named)


class SqliteCursor(sqlite3.Cursor):
    """A cursor each of whose statements is a place."""

    def execute(self, sql: str, *values: Any) -> Any:
        """Pass a place, and run a statement."""
        return self._run(sql, lambda: super(SqliteCursor, self).execute(sql, *values))

    def executemany(self, sql: str, values: Any) -> Any:
        """Pass a place, and run a statement for each."""
        return self._run(sql, lambda: super(SqliteCursor, self).executemany(sql, values))

    def _run(self, sql: str, work: Callable[[], Any]) -> Any:
        connection = self.connection
        assert isinstance(connection, SqliteConnection)
        if connection.places is None:
            return work()
        alone = not connection.in_transaction and not sql.startswith("BEGIN")
        return connection.places.run(connection, work, commits=alone)


class PostgresConnection(psycopg.Connection[Any]):
    """What a connection does besides that the server may refuse, and that can be cut."""

    places: Places
    has_ended = False
    """With its process: nobody closes what it had open."""

    def commit(self) -> None:
        """Pass a place, and commit."""
        self.places.run(self, super().commit, commits=True)

    def refuse(self, *, commits: bool) -> None:
        """Let the server say that its disk is full; after a COMMIT that fails nothing is open."""
        try:
            psycopg.Cursor(self).execute(FULL)
        finally:
            if commits:
                self.rollback()

    def break_off(self) -> None:
        """Cut the socket: who uses it next hears that the server is away."""
        with socket.socket(fileno=os.dup(self.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    def fall_silent(self) -> None:
        """Cut the socket before the answer is read."""
        self.break_off()
        psycopg.Cursor(self).execute("SELECT 1")

    def end(self) -> None:
        """Cut the socket, as the kernel does for a process that ends."""
        self.has_ended = True
        self.break_off()

    def __del__(self, *given: Any, **named: Any) -> None:
        if not self.has_ended:
            super().__del__(*given, **named)


def _watched(kind: type) -> type:
    """Return the same kind of connection, each of whose statements is a place."""
    return type("Watched", (PostgresConnection, kind), {})


class PostgresCursor(psycopg.Cursor[Any]):
    """A cursor each of whose statements is a place."""

    def execute(self, *given: Any, **named: Any) -> Any:
        """Pass a place, and run a statement."""
        return _run(self.connection, lambda: super(PostgresCursor, self).execute(*given, **named))

    def executemany(self, *given: Any, **named: Any) -> Any:
        """Pass a place, and run a statement for each."""
        work = super().executemany
        return _run(self.connection, lambda: work(*given, **named))


class PostgresServerCursor(psycopg.ServerCursor[Any]):
    """A cursor of the server, from which each portion fetched is a place too."""

    def execute(self, *given: Any, **named: Any) -> Any:
        """Pass a place, and run a statement."""
        work = super().execute
        return _run(self.connection, lambda: work(*given, **named))

    def fetchmany(self, size: int = 0) -> Any:
        """Pass a place, and fetch a portion."""
        work = super().fetchmany
        return _run(self.connection, lambda: work(size))

    def __del__(self, *given: Any, **named: Any) -> None:
        # Nobody closes what is lost with its connection.
        if not (self.connection.broken or getattr(self.connection, "has_ended", False)):
            super().__del__(*given, **named)


def _run(connection: Any, work: Callable[[], Any]) -> Any:
    assert isinstance(connection, PostgresConnection)
    return connection.places.run(connection, work, commits=connection.autocommit)
