"""Lists that are paged through by key: the newest first, from one row to its neighbour."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, Self, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from petition.core.storage.columns import big_id, utc
from petition.core.storage.database import session

PAGE_ROWS = 50
LARGEST_ID = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = TypeVar("Row")


class Cursor(NamedTuple):
    """A place in a list: between this row and its neighbour."""

    at: datetime
    id: int

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """Return the place that `str` wrote down; None when the text is none of ours."""
        try:
            instant, number = urlsafe_b64decode((text or "").encode()).split(b".")
            cursor = cls(EPOCH + timedelta(microseconds=int(instant)), int(number))
        except (ValueError, OverflowError):
            return None
        return cursor if 0 < cursor.id <= LARGEST_ID else None

    def __str__(self) -> str:
        instant = (self.at - EPOCH) // timedelta(microseconds=1)
        return urlsafe_b64encode(f"{instant}.{self.id}".encode()).decode()


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list is asked for: the first one, or one beside a place in it."""

    older_than: Cursor | None = None
    newer_than: Cursor | None = None
    """Does not matter where `older_than` is given."""

    @property
    def is_backwards(self) -> bool:
        """Whether the page ends at a place, and is read towards its beginning."""
        return self.newer_than is not None and self.older_than is None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the places from which the pages on either side go on."""

    rows: list[Row]
    newer: Cursor | None = None
    older: Cursor | None = None


def page_of(
    statement: Select[*tuple[Any, ...]],
    at: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[int],
    request: PageRequest,
    place: Callable[[Any], Cursor],
    *,
    size: int = PAGE_ROWS,
) -> Page[Any]:
    """Return one page of what `statement` selects; `place` says where a row stands in the list."""
    here = tuple_(at, key)
    if request.older_than is not None:
        statement = statement.where(here < _bound(request.older_than))
    elif request.newer_than is not None:
        statement = statement.where(here > _bound(request.newer_than))
    order = (at, key) if request.is_backwards else (at.desc(), key.desc())
    found = list(session.execute(statement.order_by(*order).limit(size + 1)))
    more, rows = len(found) > size, found[:size]
    if request.is_backwards:
        rows.reverse()
    if not rows:
        return Page([])
    has_newer = more if request.is_backwards else request.older_than is not None
    has_older = more or request.is_backwards
    first, last = place(rows[0]), place(rows[-1])
    return Page(rows, first if has_newer else None, last if has_older else None)


def _bound(cursor: Cursor) -> ColumnElement[Any]:
    return tuple_(literal(cursor.at, utc), literal(cursor.id, big_id))
