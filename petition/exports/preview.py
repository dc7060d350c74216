"""An export before it is made: how many rows it would have, and the first of them.

Nobody waits long for it, however many have signed: beyond a bound only the newest are looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, func, select, union_all

from petition.core.storage.database import session
from petition.exports.models import Contents, Export, ExportScope
from petition.exports.presets import preset_of
from petition.exports.rows import Cell, read_rows, statement_of
from petition.signatures.models import Signature
from petition.signatures.tally import counts

LOOKED_AT = 100_000
"""Signatures: with more, those that were signed last."""
SHOWN = 5
_table = Signature.__table__.c


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would hold at this moment."""

    export: Export
    """As it would be recorded; it is not, and nothing of it is kept."""
    headers: tuple[str, ...]
    lines: list[list[str]]
    """Of the first rows, or of the first among the newest."""
    count: int
    is_whole: bool
    """Whether all were counted; else there may be more among those signed before."""
    looks_at_all: bool
    """Whether the lines are the first of all."""


def preview(petition_id: int, contents: Contents, at: datetime, *, opens: bool) -> Preview:
    """Look at an export; names, addresses and reasons are hidden unless it `opens` them.

    Raises ChoiceRefused.
    """
    export = Export.of(petition_id, contents, at)
    preset = preset_of(export)
    statement = statement_of(export, consenting=preset.consenting)
    looks_at_all = _has_few(export)
    if not looks_at_all:
        statement = statement.where(_are_newest(export))
    tallied = _tallied(export, consenting=preset.consenting)
    rows = read_rows(export, statement.limit(SHOWN), opens=opens)
    return Preview(
        export,
        preset.headers_of(export),
        [[_shown(cell) for cell in line] for line in preset.lines_of(export, rows)],
        count=_counted(statement) if tallied is None else tallied,
        is_whole=looks_at_all or tallied is not None,
        looks_at_all=looks_at_all,
    )


def _has_few(export: Export) -> bool:
    its = _table.petition_id.in_(export.petition_ids)
    up_to = select(_table.id).where(its).limit(LOOKED_AT + 1).subquery()
    return (session.scalar(select(func.count()).select_from(up_to)) or 0) <= LOOKED_AT


def _are_newest(export: Export) -> ColumnElement[bool]:
    """Return which signatures are among the newest of their petition, each found in its index."""
    most = LOOKED_AT // len(export.petition_ids)
    newest = [
        select(_table.id)
        .where(_table.petition_id == petition_id)
        .order_by(_table.signed_at.desc(), _table.id.desc())
        .limit(most)
        .subquery()
        for petition_id in export.petition_ids
    ]
    return _table.id.in_(union_all(*(select(one.c.id) for one in newest)))


def _tallied(export: Export, *, consenting: bool) -> int | None:
    """Return the count that the tally knows; None where it does not know this one."""
    if consenting or export.choice.narrows or export.scope is not ExportScope.CONFIRMED:
        return None
    return sum(counts(export.petition_ids).values())


def _counted(statement: Select[Any]) -> int:
    found = statement.order_by(None).with_only_columns(_table.id).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _shown(cell: Cell) -> str:
    if isinstance(cell, (Mapping, list)):
        return orjson.dumps(cell).decode()
    return "" if cell is None else str(cell)
