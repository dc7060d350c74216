"""What stands in a database, to be held against what stood there before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, inspect

Rows = Counter[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of every table at one time."""

    columns: dict[str, tuple[str, ...]]
    rows: dict[str, Rows] = field(repr=False)

    @classmethod
    def of(cls, connection: Connection) -> "Snapshot":
        """Take one."""
        inspector = inspect(connection)
        tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
        columns = {
            name: tuple(one["name"] for one in inspector.get_columns(name)) for name in tables
        }
        return cls(columns, {name: _rows(connection, name, *columns[name]) for name in tables})

    def only(self, table: str, columns: Sequence[str]) -> Rows:
        """Return the rows of a table with these columns alone."""
        places = [self.columns[table].index(name) for name in columns]
        found: Rows = Counter()
        for row, count in self.rows[table].items():
            found[tuple(row[place] for place in places)] += count
        return found

    def without(self, table: str, column: str) -> Rows:
        """Return the rows of a table without one of their columns."""
        return self.only(table, [name for name in self.columns[table] if name != column])

    def records(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table, each value under its column's name."""
        names = self.columns[table]
        return [dict(zip(names, row, strict=True)) for row in self.rows[table].elements()]


def _rows(connection: Connection, table: str, *columns: str) -> Rows:
    names = ", ".join(f'"{name}"' for name in columns)
    found = connection.exec_driver_sql(f'SELECT {names} FROM "{table}"')
    return Counter(tuple(map(_comparable, row)) for row in found)


def _comparable(value: Any) -> Any:
    return repr(value) if isinstance(value, dict | list) else value
