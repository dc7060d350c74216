"""Copies of a SQLite database: made while it is in use, read, and looked through."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from petition.safekeeping.contents import Contents, Unfit
from petition.safekeeping.sealed import KEY_COLUMNS

PATIENCE_SECONDS = 30.0


def copy(source: Path, target: Path) -> None:
    """Copy a database as it is at this moment into a new file of mode 0600, without its free pages.

    What was deleted from it is in no free page of the copy.
    """
    target.touch(0o600, exist_ok=False)
    with _open(source) as database, closing(sqlite3.connect(target)) as made:
        database.backup(made)
    make_one_file(target)


def make_one_file(path: Path) -> None:
    """Bring all of a database that nobody uses into its one file, which can be moved then."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("VACUUM")


def read(path: Path) -> Contents:
    """Return what a copy holds, once it is seen to be whole. Raises Unfit."""
    try:
        with _open(path, ours=True) as database:
            return _contents(database)
    except sqlite3.DatabaseError:
        raise Unfit("The file is no SQLite database, or it is damaged.") from None


def is_in_use(path: Path) -> bool:
    """Whether any process has the database open."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as database:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("ROLLBACK")
    except sqlite3.OperationalError as fault:
        return "locked" in str(fault)
    except sqlite3.DatabaseError:  # broken, and so what is to be replaced
        return False
    return False


def _contents(database: sqlite3.Connection) -> Contents:
    if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        raise Unfit("The file is damaged: SQLite's own check finds faults in it.")
    found = Contents()
    tables = [
        row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    for table in tables:
        count = f'SELECT count(*) FROM "{table}"'  # noqa: S608 - a name out of the file's own list
        found.rows[table] = _first(database, count)
    if "alembic_version" in tables:
        found.revision = _first(database, "SELECT version_num FROM alembic_version")
    if "installed" in tables:
        found.key_check = _first(database, "SELECT key_check FROM installed")
    for table, key in KEY_COLUMNS:
        if table in tables:
            keys = f'SELECT "{key}" FROM "{table}" WHERE "{key}" IS NOT NULL'  # noqa: S608 - ours
            found.seals.update(row[0] for row in database.execute(keys))
    return found


def _first(database: sqlite3.Connection, query: str) -> Any:
    row = database.execute(query).fetchone()
    return row[0] if row else None


@contextmanager
def _open(path: Path, *, ours: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a database to read; `ours` alone, where nobody else writes to it."""
    how = "immutable=1" if ours else "mode=ro"
    address = f"{path.resolve().as_uri()}?{how}"
    with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS)) as database:
        yield database
