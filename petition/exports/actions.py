"""Verbs of exports. None of them commits."""

from datetime import datetime

from sqlalchemy import update

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.keyring.sealing import seal
from petition.core.storage.database import session
from petition.exports.models import Export, ExportScope, export_context


def begin(
    petition_id: int, organiser_id: int, why: str, scope: ExportScope, at: datetime
) -> Export:
    """Record that an export is being made, before its first byte leaves."""
    sealed = seal(why.encode(), export_context(organiser_id, at))
    export = Export(
        petition_id=petition_id,
        organiser_id=organiser_id,
        why_box=sealed.box,
        why_key=sealed.key_id,
        scope=scope,
        begun_at=at,
    )
    session.add(export)
    session.flush()
    by = noting.organiser(organiser_id)
    noting.note(Act.EXPORT_MADE, by, at, export=export.id, scope=scope)
    return export


def finish(
    export: Export, *, row_count: int, unreadable_count: int, sha256: str, at: datetime
) -> None:
    """Record that the whole file was handed over."""
    session.execute(
        update(Export)
        .where(Export.id == export.id)
        .values(
            row_count=row_count,
            unreadable_count=unreadable_count,
            sha256=sha256,
            finished_at=at,
        )
    )
    by = noting.organiser(export.organiser_id)
    noting.note(Act.EXPORT_DOWNLOADED, by, at, export=export.id, rows=row_count)
