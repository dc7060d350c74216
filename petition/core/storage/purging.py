"""How what is past its time is deleted: some thousand rows at a time."""

from sqlalchemy import ColumnElement, Table, delete, select

from petition.core.storage.database import session

AT_ONCE = 5_000
"""Hundreds of thousands in one statement hold SQLite's only lock for seconds; these, a moment."""


def delete_some(table: Table, which: ColumnElement[bool]) -> bool:
    """Delete some of these rows; true when there may be more."""
    [key] = table.primary_key
    some = select(key).where(which).limit(AT_ONCE)
    gone = session.execute(delete(table).where(key.in_(some)))
    return bool(gone.rowcount == AT_ONCE)  # type: ignore[attr-defined]
