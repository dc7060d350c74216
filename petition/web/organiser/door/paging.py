"""Lists of this door: which page is asked for, and where pages and rows lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from flask import request, url_for

from petition.core.storage.paging import LARGEST_ID, Cursor, Page, PageRequest

PLACE = ("older", "newer")
"""How an address names a place in a list."""
Row = TypeVar("Row")


def requested() -> PageRequest:
    """Return the page that the address asks for; a place that is none is the start."""
    older, newer = (Cursor.read(request.args.get(name)) for name in PLACE)
    return PageRequest(older, newer)


def kept(*names: str) -> dict[str, Any]:
    """Return what the address says of these, to lead back to the same page of the list."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def by_number(endpoint: str, **values: Any) -> Callable[[int], str]:
    """Return what makes the address of each row's act: one is built, the others have its form."""
    before, _, after = url_for(endpoint, number=LARGEST_ID, **values).partition(str(LARGEST_ID))
    return lambda number: f"{before}{number}{after}"


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """A page of a list as it is shown: its rows, and the addresses of the pages beside it."""

    rows: list[Row]
    newer: str | None
    older: str | None

    @classmethod
    def of(cls, page: Page[Row], **chosen: Any) -> Self:
        """Return what is shown of a page; `chosen` is what its neighbours' addresses keep."""
        here = {**(request.view_args or {}), **chosen}

        def beside(**place: Any) -> str:
            return url_for(str(request.endpoint), **place, **here)

        return cls(
            page.rows,
            newer=page.newer and beside(newer=str(page.newer)),
            older=page.older and beside(older=str(page.older)),
        )
