"""Reads of exports."""

from datetime import timedelta

from sqlalchemy import select

from petition.core.clock import hour_of
from petition.core.storage.database import session
from petition.exports.models import Export, ExportScope
from petition.signatures.models import Removal

CLOCKS_MAY_DIFFER_BY = timedelta(minutes=1)


def exports_of(petition_id: int) -> list[Export]:
    """Return the exports of a petition, newest first."""
    statement = select(Export).where(Export.petition_id == petition_id)
    return list(session.scalars(statement.order_by(Export.begun_at.desc(), Export.id.desc())))


def corrections(export: Export) -> list[int]:
    """Return the numbers of signatures that the file may hold and that have left the count since.

    A removal in the very hour of the export is listed, although the file may lack it already:
    striking a row that is not there does no harm, keeping one that should go does.
    """
    everything = export.scope == ExportScope.EVERYTHING
    held_since = Removal.signed_at if everything else Removal.confirmed_at
    statement = (
        select(Removal.signature_id)
        .where(
            Removal.petition_id == export.petition_id,
            Removal.removed_at >= hour_of(export.begun_at - CLOCKS_MAY_DIFFER_BY),
            held_since <= export.begun_at + CLOCKS_MAY_DIFFER_BY,
        )
        .order_by(Removal.signature_id)
        .distinct()
    )
    return list(session.scalars(statement))
