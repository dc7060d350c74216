"""How a worker makes an export."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from petition.core.log import log
from petition.core.storage.database import session
from petition.exports import csv
from petition.exports.actions import EXPORT, finish
from petition.exports.models import Export
from petition.jobs.work import Kinds, Step, Whole


class ExportWork:
    """An export that is being made."""

    def __init__(self, job_id: int, *, keep: timedelta) -> None:
        self._export = session.scalars(select(Export).where(Export.job_id == job_id)).one()
        self._count = csv.Count()
        self.steps = csv.how_many(self._export)
        self.keep = keep

    def run(self) -> Iterator[Step]:
        """Write the rows; each is a step."""
        for piece in csv.pieces(self._export, self._count):
            yield Step(self._count.rows, piece)

    def finish(self, made: Whole, at: datetime) -> None:
        """Record the rows and the sum."""
        rows, unreadable = self._count.rows, self._count.unreadable
        if unreadable:
            fields = {"export": self._export.id, "rows": unreadable}
            log.error("rows of an export do not open", extra={"fields": fields})
        finish(self._export, row_count=rows, unreadable_count=unreadable, made=made, at=at)


def kinds(keep: timedelta) -> Kinds:
    """Return the jobs of exports, whose files are kept for so long."""
    return {EXPORT: partial(ExportWork, keep=keep)}
