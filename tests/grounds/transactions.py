"""Outside of a transaction PostgreSQL lets go of a lock at once, and keeps what is half done."""

import re
from typing import Any

from sqlalchemy import Connection, Engine, event

from petition.core.storage.database import may_be_saved

LOCKS = re.compile(r"FOR UPDATE|xact_lock|SET LOCAL")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b")


class OutsideOfTransaction(AssertionError):
    """A statement that needs a transaction has none."""


def guard() -> None:
    """Let no statement of the product lock, or write, where none is open."""
    event.listen(Engine, "before_cursor_execute", _look)


def _look(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        return
    may_write = options.get("single", False) or may_be_saved()
    if LOCKS.search(statement) or (WRITES.match(statement) and not may_write):
        raise OutsideOfTransaction(statement)
