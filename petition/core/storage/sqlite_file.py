"""SQLite as a site needs it: its settings, a file that is known again, a file left whole."""

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event

LARGEST_IDLE_LOG = 16 * 1024 * 1024
"""Bytes that the write-ahead log keeps once a long reader let it grow."""
LEAVE_WITHIN_MS = 1_000
LOOK_ANEW_MS = 8
"""In which SQLite looks three times whether it may write."""


Number = tuple[int, int]


class FileReplaced(sqlite3.OperationalError):
    """Another file, or none, lies where the one was that this process has opened."""


class OpenedFile:
    """The file that this process has opened, known by its number on the disk.

    So is its write-ahead log, which is always the same one while any connection is open: whoever
    deletes that lets a process that starts later begin another, and each knows half of the rest.
    """

    def __init__(self, path: str | None) -> None:
        self._path = Path(path) if path and path != ":memory:" else None
        self._log = self._path and self._path.with_name(f"{self._path.name}-wal")
        self._number: Number | None = None
        self._number_of_log: Number | None = None
        self._connections: set[int] = set()
        self._lock = Lock()

    def note(self) -> None:
        """Note which file is there, when it is opened for the first time, and close it to others.

        An older version made it as readable as any file; what lies beside it follows it.
        """
        if self._number is None and self._path is not None:
            for ending in ("", "-wal", "-shm"):
                with suppress(OSError):  # it is not there, or somebody else's
                    self._path.with_name(self._path.name + ending).chmod(0o600)
        self._number = self._number or _number_of(self._path)

    def note_opened(self, connection: object) -> None:
        """Note that a connection has opened the log."""
        with self._lock:
            self._number_of_log = self._number_of_log or _number_of(self._log)
            self._connections.add(id(connection))

    def note_closed(self, connection: object) -> None:
        """Note that a connection is about to end; with the last one of all the log goes."""
        with self._lock:
            self._connections.discard(id(connection))
            if not self._connections and _number_of(self._log) == self._number_of_log:
                self._number_of_log = None

    @property
    def is_open(self) -> bool:
        """Whether it was opened."""
        return self._number is not None

    def forget(self) -> None:
        """Let go of it: what is opened next may be another."""
        self._number = self._number_of_log = None
        self._connections.clear()

    def is_gone(self) -> bool:
        """Whether it, or its log, was moved, deleted or replaced."""
        number_of_log = self._number_of_log
        if number_of_log is not None and _number_of(self._log) != number_of_log:
            return self._number_of_log == number_of_log  # unless it went with the last connection
        return self._number is not None and _number_of(self._path) != self._number


def _number_of(path: Path | None) -> Number | None:
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


_opened: WeakKeyDictionary[Engine, OpenedFile] = WeakKeyDictionary()


def is_gone(engine: Engine) -> bool:
    """Whether the file that this process writes to is no longer the one at its address."""
    return engine in _opened and _opened[engine].is_gone()


def prepare(engine: Engine, busy_seconds: float) -> None:
    """Give every connection our settings, and let none open another file than the first did."""
    opened = _opened[engine] = OpenedFile(engine.url.database)

    @event.listens_for(engine, "do_connect")
    def refuse_another_file(*_: Any) -> None:
        if opened.is_gone():
            raise FileReplaced("the file was moved or replaced")

    @event.listens_for(engine, "engine_disposed")
    def forget(_engine: Engine) -> None:
        opened.forget()

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        opened.note()
        connection.isolation_level = None  # we begin transactions ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {busy_seconds * 1000:.0f}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA journal_size_limit = {LARGEST_IDLE_LOG}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        cursor.execute("PRAGMA schema_version")  # reads, and so opens the write-ahead log
        cursor.close()
        opened.note_opened(connection)

    @event.listens_for(engine, "close")
    def note_closed(connection: Any, _record: Any) -> None:
        opened.note_closed(connection)

    @event.listens_for(engine, "checkin")
    def end_what_is_open(connection: Any, _record: Any) -> None:
        # After a COMMIT that failed SQLite's transaction is open still, and SQLAlchemy's is not.
        if connection is not None and connection.in_transaction:
            connection.rollback()

    event.listen(engine, "begin", lambda connection: _begin(connection, busy_seconds))


def _begin(connection: Connection, seconds: float) -> None:
    options = connection.get_execution_options()
    if options.get("single", False):
        return  # each statement begins and ends by itself
    if options.get("writes", False):
        _begin_to_write(connection, seconds)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_to_write(connection: Connection, seconds: float) -> None:
    """Take the write lock, waiting up to so many seconds for others to write.

    SQLite looks ever more seldom the longer it has waited, in the end ten times a second, so that
    those who came later are always before it. It is made to begin its wait anew.
    """
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    until = time.monotonic() + seconds
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {LOOK_ANEW_MS}")
    try:
        while _is_busy(driver) and time.monotonic() < until:
            pass  # it has waited in SQLite
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # raises what is wrong
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")


def _is_busy(driver: sqlite3.Connection) -> bool:
    """Begin to write; whether nothing but another one's writing is in the way."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as fault:
        return getattr(fault, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return False


def empty_log(engine: Engine) -> None:
    """Bring the write-ahead log into the file and empty it: what was erased stands in it too.

    Where somebody reads or writes for longer than a second, it stays for the next time.
    """
    with engine.connect().execution_options(single=True) as connection:
        usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {LEAVE_WITHIN_MS}")
        try:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")


def leave_whole(engine: Engine) -> None:
    """Bring what stands in the write-ahead log into the file, so that a copy of it is whole.

    What another process is still writing, that one brings in when it ends.
    """
    if not _opened[engine].is_open:
        return
    with engine.connect().execution_options(single=True) as connection:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {LEAVE_WITHIN_MS}")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
