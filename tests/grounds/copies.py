"""What tests begin with: made once by the product's own verbs, and then copied row by row."""

import sqlite3
from collections.abc import Callable, Hashable
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy import text

from petition.core.storage.database import Base, engine, is_sqlite, session


class Copies:
    """Copies of what was made, as each kind of database writes its rows."""

    def __init__(self) -> None:
        self._made: dict[Hashable, dict[str, Any]] = {}

    def make(self, name: Hashable, make: Callable[[], None]) -> None:
        """Fill the database in use by `make`, or from a copy of what that made before.

        Nothing of it may stand there yet. It is copied while `make` adds to no table with rows.
        """
        before = _counts()
        key = (name, frozenset(before), is_sqlite())
        if key in self._made:
            _bring(self._made[key])
            return
        make()
        after = _counts()
        if all(after.get(table) == number for table, number in before.items()):
            self._made[key] = _kept([table for table in after if table not in before])


def _counts() -> dict[str, int]:
    """Return how many rows each table has that has some, parents before children."""
    names = [table.name for table in Base.metadata.sorted_tables]
    asked = (f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names)
    found = {row[0]: row[1] for row in session.execute(text(" UNION ALL ".join(asked)))}
    session.commit()
    return {name: found[name] for name in names if found[name]}


def _kept(tables: list[str]) -> dict[str, Any]:
    if is_sqlite():
        with closing(sqlite3.connect(str(engine().url.database))) as connection:
            return {one: connection.execute(f'SELECT * FROM "{one}"').fetchall() for one in tables}
    with closing(_postgres()) as postgres:
        return {one: _copied_out(postgres, one) for one in tables}


def _copied_out(postgres: psycopg.Connection[Any], table: str) -> bytes:
    with postgres.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
        return b"".join(bytes(part) for part in copy)


def _bring(kept: dict[str, Any]) -> None:
    if is_sqlite():
        with closing(sqlite3.connect(str(engine().url.database))) as connection:
            for table, rows in kept.items():
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
            connection.commit()
        return
    with closing(_postgres()) as postgres:
        for table, rows in kept.items():
            with postgres.cursor().copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(rows)
            if "id" in Base.metadata.tables[table].c:
                sequence = f"pg_get_serial_sequence('{table}', 'id')"
                postgres.execute(f'SELECT setval({sequence}, max(id)) FROM "{table}"')
        postgres.commit()


def _postgres() -> psycopg.Connection[Any]:
    url = engine().url.set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False))
