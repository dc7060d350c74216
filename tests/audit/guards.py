"""Getting past the guards of the log, as somebody could who owns the database but has no keys."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from petition.core.storage.database import is_sqlite, transaction

TABLES = ("audit_entry", "audit_head")


@contextmanager
def past_the_guards() -> Iterator[Session]:
    """Write what the database refuses; the guards are back in place at the end."""
    with transaction() as writing:
        if is_sqlite():
            guards = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = [row for row in writing.execute(guards) if row.name.startswith("audit_")]
            before = [f"DROP TRIGGER {row.name}" for row in found]
            after = [row.sql for row in found]
        else:
            before = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
            after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES]
        for statement in before:
            writing.execute(text(statement))
        yield writing
        for statement in after:
            writing.execute(text(statement))
