"""How a worker makes an export."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from petition.core.log import log
from petition.core.storage.database import session
from petition.exports.actions import EXPORT, finish
from petition.exports.models import Export
from petition.exports.presets import preset_of
from petition.exports.rows import Count, how_many
from petition.exports.writing.encryption import encrypted
from petition.exports.writing.formats import format_of
from petition.jobs.work import Kinds, Step, Whole


def pieces_of(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the file of an export piece by piece, some of them empty, and count its rows."""
    pieces, keys = format_of(export).pieces(export, count), export.contents.encrypted_for
    return encrypted(pieces, keys) if keys else pieces


class ExportWork:
    """An export that is being made."""

    def __init__(self, job_id: int, *, keep: timedelta) -> None:
        self._export = session.scalars(select(Export).where(Export.job_id == job_id)).one()
        self._count = Count()
        consenting = preset_of(self._export).consenting
        rows = how_many(self._export, consenting=consenting)
        self.steps = rows * format_of(self._export).steps_a_row
        self.keep = keep

    def run(self) -> Iterator[Step]:
        """Write the rows."""
        for piece in pieces_of(self._export, self._count):
            yield Step(self._count.steps, piece)

    def finish(self, made: Whole, at: datetime) -> None:
        """Record the rows and the sum."""
        if self._count.unreadable:
            fields = {"export": self._export.id, "rows": self._count.unreadable}
            log.error("rows of an export do not open", extra={"fields": fields})
        finish(self._export, self._count, made, at)


def kinds(keep: timedelta) -> Kinds:
    """Return the jobs of exports, whose files are kept for so long."""
    return {EXPORT: partial(ExportWork, keep=keep)}
