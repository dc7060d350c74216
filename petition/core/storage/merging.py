"""Bringing the rows that belong to a record in line with what they should be.

What is the same stays the row that it was, with its id.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

from petition.core.storage.database import session

Row = TypeVar("Row")


def bring_in_line(
    rows: list[Row],
    wanted: Mapping[Any, Mapping[str, object]],
    key: Callable[[Row], Any],
    make: Callable[[], Row],
) -> None:
    """Alter, add and take out rows until there is one for each key, with these values."""
    for row in [row for row in rows if key(row) not in wanted]:
        rows.remove(row)
    session.flush()
    present = {key(row): row for row in rows}
    for name, values in wanted.items():
        if name in present:
            set_changed(present[name], values)
            continue
        row = make()
        set_changed(row, values)
        rows.append(row)
    session.flush()


def bring_texts_in_line(
    texts: list[Row], drafts: Mapping[str, Any], make: Callable[[], Row]
) -> None:
    """Bring the texts of a record, one in each language, in line with their drafts.

    What a draft leaves out is empty.
    """
    wanted = {
        language: {"language": language}
        | {one.name: getattr(draft, one.name) or "" for one in fields(draft)}
        for language, draft in drafts.items()
    }
    bring_in_line(texts, wanted, attrgetter("language"), make)


def set_changed(row: object, values: Mapping[str, object]) -> None:
    """Set those values of a row that are others now."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
