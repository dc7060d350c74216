"""What tests begin with: made once by the product's own verbs, and then copied row by row."""

import secrets
import sqlite3
from collections.abc import Callable, Hashable
from contextlib import closing
from functools import lru_cache
from typing import Protocol

from sqlalchemy import TextClause, text

from petition.core.database import Base, engine, is_sqlite, session, transaction


class Kept(Protocol):
    """Rows that can be brought back."""

    def bring(self) -> None:
        """Put them into the database in use."""


class Copies:
    """Copies of what was made, as each kind of database writes its rows."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Kept] = {}

    def make(self, name: Hashable, make: Callable[[], None]) -> None:
        """Fill the database in use by `make`, or from a copy of what that made before.

        Nothing of it may stand there yet. It is copied while `make` adds to no table with rows.
        """
        before = _counts()
        where = "" if is_sqlite() else engine().url.database
        key = (name, frozenset(before), is_sqlite(), where)
        if key in self._made:
            self._made[key].bring()
            return
        make()
        after = _counts()
        if all(after.get(table) == number for table, number in before.items()):
            self._made[key] = _kept([table for table in after if table not in before])


def _counts() -> dict[str, int]:
    """Return how many rows each table has that has some, parents before children."""
    names, asked = _counting()
    found = {row[0]: row[1] for row in session.execute(asked)}
    session.commit()
    return {name: found[name] for name in names if found[name]}


@lru_cache
def _counting() -> tuple[list[str], TextClause]:
    names = [table.name for table in Base.metadata.sorted_tables]
    asked = (f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names)
    return names, text(" UNION ALL ".join(asked))


def _kept(tables: list[str]) -> Kept:
    return SqliteRows(tables) if is_sqlite() else PostgresRows(tables)


class SqliteRows:
    """Rows kept in this process."""

    def __init__(self, tables: list[str]) -> None:
        with closing(self._connect()) as connection:
            self._rows = {
                one: connection.execute(f'SELECT * FROM "{one}"').fetchall() for one in tables
            }

    def bring(self) -> None:
        """Put them into the file in use."""
        with closing(self._connect()) as connection:
            for table, rows in self._rows.items():
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
            connection.commit()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(str(engine().url.database))


class PostgresRows:
    """Rows kept in a schema of their own, so that the server copies them, in one request."""

    def __init__(self, tables: list[str]) -> None:
        schema = f"kept_{secrets.token_hex(4)}"
        made = [f'CREATE TABLE {schema}."{one}" AS TABLE "{one}"' for one in tables]
        self._run([f"CREATE SCHEMA {schema}", *made])
        numbered = [one for one in tables if "id" in Base.metadata.tables[one].c]
        self._again = [
            *(f'INSERT INTO "{one}" SELECT * FROM {schema}."{one}"' for one in tables),
            *(
                f"SELECT setval(pg_get_serial_sequence('{one}', 'id'), max(id)) FROM \"{one}\""
                for one in numbered
            ),
        ]

    def bring(self) -> None:
        """Put them into the database in use, which is the one that they came from."""
        self._run(self._again)

    def _run(self, statements: list[str]) -> None:
        with transaction() as writing:
            writing.execute(text("; ".join(statements)))
