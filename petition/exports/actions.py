"""Verbs of exports. None of them commits."""

from datetime import datetime

from sqlalchemy import update

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.keyring.sealing import seal
from petition.core.storage.database import session
from petition.exports import held
from petition.exports.models import Contents, Export, ExportDownload, export_context
from petition.exports.presets import allowed
from petition.exports.queries import can_continue
from petition.exports.rows import Count
from petition.jobs import actions as jobs
from petition.jobs import files
from petition.jobs.work import Whole

EXPORT = "export"
"""The kind of job that makes one."""


def begin(
    petition_id: int, organiser_id: int, why: str, contents: Contents, at: datetime
) -> Export:
    """Ask for an export and record that; a worker makes it once the transaction has committed.

    Raises ChoiceRefused, PresetGone, NotEncrypted and NoSuchFile.
    """
    export = _recorded(petition_id, organiser_id, why, contents, at)
    export.job_id = jobs.ask(EXPORT, organiser_id, at).id
    _note_made(export, noting.organiser(organiser_id), at)
    return export


def begin_at_once(
    petition_id: int, organiser_id: int, why: str, contents: Contents, at: datetime
) -> Export:
    """Record an export that leaves while it is made, to a terminal.

    Raises what `begin` raises. Who sits there is not known: the organiser is the one in whose name
    it is made.
    """
    export = _recorded(petition_id, organiser_id, why, contents, at)
    _note_made(export, noting.TERMINAL, at, organiser=organiser_id)
    return export


def finish_at_once(export: Export, count: Count, made: Whole, at: datetime) -> None:
    """Record that the file is whole, what it holds, and that it has left."""
    finish(export, count, made, at)
    about = {"export": export.id, "rows": count.rows, "organiser": export.organiser_id}
    noting.note(Act.EXPORT_DOWNLOADED, noting.TERMINAL, at, **about)


def _recorded(
    petition_id: int, organiser_id: int, why: str, contents: Contents, at: datetime
) -> Export:
    contents = allowed(contents)
    export = Export.of(petition_id, contents, at)
    if contents.since is not None and not can_continue(petition_id, export.contents):
        raise ValueError("the export that this one would continue is of something else")
    sealed = seal(why.encode(), export_context(organiser_id, at))
    export.organiser_id, export.why_box, export.why_key = organiser_id, sealed.box, sealed.key_id
    session.add(export)
    session.flush()
    return export


def _note_made(export: Export, by: noting.By, at: datetime, **about: str | int) -> None:
    preset = export.own.name if export.own else export.preset
    about |= {"scope": export.scope, "preset": preset, "format": export.format}
    if export.since_id is not None:
        about["since"] = export.since_id
    noting.note(Act.EXPORT_MADE, by, at, export=export.id, **about)


def finish(export: Export, count: Count, made: Whole, at: datetime) -> None:
    """Record that the file is whole, and what it holds."""
    session.execute(
        update(Export)
        .where(Export.id == export.id)
        .values(
            row_count=count.rows,
            unreadable_count=count.unreadable,
            numbers_kept=True,
            sha256=made.sha256,
            finished_at=at,
        )
    )
    held.keep(export, count.noted)


def let_download(export: Export, organiser_id: int, session_hash: bytes, at: datetime) -> None:
    """Let an organiser take the file away in this session, and record that."""
    session.add(
        ExportDownload(
            export_id=export.id, organiser_id=organiser_id, session_hash=session_hash, at=at
        )
    )
    by = noting.organiser(organiser_id)
    noting.note(Act.EXPORT_DOWNLOADED, by, at, export=export.id, rows=export.row_count or 0)


def cancel(export: Export, organiser_id: int, at: datetime) -> bool:
    """Break off the making of a file; false where that had ended before."""
    if export.job_id is None or not jobs.cancel(export.job_id, at):
        return False
    files.discard(export.job_id)
    noting.note(Act.EXPORT_CANCELLED, noting.organiser(organiser_id), at, export=export.id)
    return True
