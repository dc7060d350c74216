"""Outside of a transaction PostgreSQL lets go of a lock at once, and keeps what is half done."""

import re
from typing import Any

from sqlalchemy import Connection, Engine, event

LOCKS = re.compile(r"FOR (NO KEY UPDATE|UPDATE|SHARE|KEY SHARE)|xact_lock|SET LOCAL")
WRITES = re.compile(r"\s*(WITH\b.*\b)?(INSERT|UPDATE|DELETE)\b", re.DOTALL)


class OutsideOfTransaction(AssertionError):
    """A statement that needs a transaction has none."""


def guard() -> None:
    """Let no statement of the product lock, or write, where none is open."""
    event.listen(Engine, "before_cursor_execute", _look)


def _look(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" or not driver.autocommit:
        return
    is_single = connection.get_execution_options().get("single", False)
    if LOCKS.search(statement) or (WRITES.match(statement) and not is_single):
        raise OutsideOfTransaction(statement)
