"""Writes that are made once: alone on their way, together with others, or again and again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Delete, Insert, Table, Update, bindparam, func, select
from sqlalchemy import insert as insert_rows
from sqlalchemy import update as update_rows
from sqlalchemy.dialects import postgresql

from petition.core.storage.database import (
    Base,
    engine,
    insert_into,
    is_sqlite,
    rows_of,
    saving,
    session,
    transaction,
)
from petition.core.storage.database import Insert as DialectInsert
from petition.core.storage.database_faults import OF_A_DATABASE

Statement = Insert | Update | Delete
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Write:
    """A statement that is made once and for all, and the values of its parameters.

    Beside another, a parameter of the same name has the same value, and no column's name.
    """

    statement: Statement
    values: Mapping[str, Any]


def addition(model: type[Base], row: Mapping[str, Any]) -> Write:
    """Return what adds a row."""
    table = rows_of(model)
    named = {f"new_{table.name}_{name}": value for name, value in row.items()}
    return Write(_adding(table, tuple(row)), named)


def change(model: type[Base], number: int, values: Mapping[str, Any]) -> Write:
    """Return what gives the row with this number other values."""
    table = rows_of(model)
    named = {f"{table.name}_{name}_anew": value for name, value in values.items()}
    return Write(_changing(table, tuple(values)), {**named, f"{table.name}_number": number})


def write(*writes: Write) -> None:
    """Do all of these, in no particular order: none sees what another does.

    To PostgreSQL they travel as one statement. SQLite, which is no journey away, has none such.
    """
    if is_sqlite():
        for one in writes:
            session.execute(one.statement, one.values)
        return
    values: dict[str, Any] = {}
    for one in writes:
        same = values.keys() & one.values.keys()
        assert all(values[name] == one.values[name] for name in same), "two values of one name"
        values |= one.values
    session.execute(_as_one(*[one.statement for one in writes]), values)


def add_all(model: type[Base], rows: Rows) -> None:
    """Add rows, in this order, by one statement."""
    if rows:
        session.execute(many_into(model, tuple(rows[0])), as_many(rows))


def many_into(model: type[Base], columns: tuple[str, ...]) -> DialectInsert:
    """Return an INSERT of rows with these columns that knows ON CONFLICT, in the dialect in use.

    It is asked with `as_many`. PostgreSQL gets each column as a list, so that it is the same
    statement however many rows there are.
    """
    return insert_into(model) if is_sqlite() else _listed_into(rows_of(model), columns)


def as_many(rows: Rows) -> Rows | dict[str, list[Any]]:
    """Return rows of the same columns as `many_into` takes them."""
    return rows if is_sqlite() else {f"new_{name}": [r[name] for r in rows] for name in rows[0]}


@lru_cache(maxsize=64)
def _listed_into(table: Table, columns: tuple[str, ...]) -> postgresql.Insert:
    lists = [
        func.unnest(bindparam(f"new_{name}", type_=postgresql.ARRAY(table.c[name].type)))
        for name in columns
    ]
    return postgresql.insert(table).from_select(columns, select(*lists)).inline()


@lru_cache(maxsize=64)
def _adding(table: Table, columns: Sequence[str]) -> Insert:
    values: dict[str, Any] = {name: bindparam(f"new_{table.name}_{name}") for name in columns}
    return insert_rows(table).values(values).inline()


@lru_cache(maxsize=64)
def _changing(table: Table, columns: Sequence[str]) -> Update:
    values: dict[str, Any] = {name: bindparam(f"{table.name}_{name}_anew") for name in columns}
    its = table.c.id == bindparam(f"{table.name}_number")
    return update_rows(table).where(its).values(values)


@lru_cache(maxsize=64)
def _as_one(*statements: Statement) -> Statement:
    *others, last = statements
    return last.add_cte(*(other.cte(f"write_{n}") for n, other in enumerate(others)))


class Repeated:
    """A statement that runs again and again on one connection, and goes straight to the driver.

    It is compiled once, so that what is left costs a third of `Connection.execute`. The values are
    whole numbers and strings: nothing else is the same for every driver.
    """

    def __init__(self, connection: Connection, statement: Update) -> None:
        compiled = statement.compile(dialect=connection.dialect)
        self._sql, self._order = str(compiled), compiled.positiontup
        self._cursor = connection.connection.cursor()

    def run(self, values: dict[str, int | str]) -> int:
        """Run it with a value for each of its parameters; return how many rows it changed."""
        order = self._order
        self._cursor.execute(self._sql, values if order is None else [values[n] for n in order])
        return self._cursor.rowcount


def save_row(model: type[Base], row: Mapping[str, Any]) -> None:
    """Insert a row in a transaction of its own: it travels to PostgreSQL once, not three times.

    There it goes past SQLAlchemy too, which takes twice as long as the driver does. So the values
    are what the driver takes as it is: text, bytes, numbers, aware times, None. Raises what the
    driver or SQLAlchemy raises (`OF_A_DATABASE`).
    """
    if is_sqlite():
        with transaction() as ours:
            ours.connection().execute(insert_into(model), row)
        return
    if session.registry.has():
        session.commit()  # gives back the connection with which the request has read
    lent = engine().raw_connection()  # in AUTOCOMMIT, as all that lie ready
    try:
        driver = cast("psycopg.Connection[Any]", lent.driver_connection)
        with saving():
            driver.execute(_plain_insert(model, tuple(row)), row)
    finally:
        with suppress(*OF_A_DATABASE):  # one that breaks only now has done its work
            lent.close()


@lru_cache
def _plain_insert(model: type[Base], columns: tuple[str, ...]) -> bytes:
    """Return the INSERT of these columns as psycopg takes it."""
    insert = insert_into(model).compile(dialect=engine().dialect, column_keys=columns)
    return str(insert).encode()
