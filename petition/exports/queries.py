"""Reads of exports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select

from petition.core.i18n import text_for
from petition.core.storage.database import session
from petition.core.storage.long_reads import stream_rows
from petition.exports.models import Contents, Export, ExportDownload, ExportFormat
from petition.jobs.models import Job, MadeFile
from petition.petitions.models import Petition, PetitionText, PetitionVersion

LET_FOR = timedelta(hours=1)
"""How long a download that was let may be begun again where it broke off."""


def exports_of(petition_id: int) -> list[Export]:
    """Return the exports of a petition, newest first."""
    statement = select(Export).where(Export.petition_id == petition_id)
    newest_first = statement.order_by(Export.begun_at.desc(), Export.id.desc())
    return list(session.scalars(newest_first.execution_options(populate_existing=True)))


def export_of(petition_id: int, number: int) -> Export | None:
    """Return an export of a petition."""
    export = session.get(Export, number, populate_existing=True)
    return export if export is not None and export.petition_id == petition_id else None


def ready_for(organiser_id: int, at: datetime) -> list[tuple[Export, Petition]]:
    """Return the exports of an organiser that are there and that they have not taken, by age."""
    taken = exists().where(
        ExportDownload.export_id == Export.id, ExportDownload.organiser_id == organiser_id
    )
    statement = (
        select(Export, Petition)
        .join(Job, Job.id == Export.job_id)
        .join(MadeFile, MadeFile.job_id == Job.id)
        .join(Petition, Petition.id == Export.petition_id)
        .where(
            Job.organiser_id == organiser_id,
            MadeFile.file_key.is_not(None),
            MadeFile.gone_after > at,
            ~taken,
        )
        .order_by(Export.id)
    )
    return [(export, petition) for export, petition in session.execute(statement)]


def downloads_of(exports: Sequence[Export]) -> Mapping[int, int]:
    """Return how often each of these was taken away."""
    counted = (
        select(ExportDownload.export_id, func.count())
        .where(ExportDownload.export_id.in_([export.id for export in exports]))
        .group_by(ExportDownload.export_id)
    )
    return Counter(dict(session.execute(counted).all()))


def may_download(export: Export, session_hash: bytes, at: datetime) -> bool:
    """Whether somebody was let take it away in this session, not long ago."""
    lately = exists().where(
        ExportDownload.export_id == export.id,
        ExportDownload.session_hash == session_hash,
        ExportDownload.at > at - LET_FOR,
    )
    return session.scalar(select(lately)) or False


def can_continue(petition_id: int, contents: Contents) -> bool:
    """Whether the export that these contents name is made, of the same rows, and knows them."""
    before = export_of(petition_id, contents.since) if contents.since is not None else None
    if before is None or before.finished_at is None or not before.numbers_kept:
        return False
    return rows_of(before.contents) == rows_of(contents)


def last_taken(exports: Sequence[Export]) -> list[Export]:
    """Return of these exports, the newest first, the last of each kind that somebody took away.

    They are what can be continued: rows of a file that nobody took have reached nobody.
    """
    taken = downloads_of(exports)
    last: dict[Contents, Export] = {}
    for export in exports:
        if export.finished_at and export.numbers_kept and taken[export.id]:
            last.setdefault(rows_of(export.contents), export)
    return list(last.values())


def rows_of(contents: Contents) -> Contents:
    """Return what of the contents decides which rows a whole file has, and what is in them."""
    return replace(contents, format=ExportFormat.CSV, encrypted_for=(), since=None)


def title_of(export: Export) -> str:
    """Return the title of its petition, in English where there is one, of the newest version."""
    statement = (
        select(PetitionText.language, PetitionText.title, PetitionVersion.number)
        .join(PetitionVersion, PetitionVersion.id == PetitionText.version_id)
        .where(PetitionText.petition_id == export.petition_id)
        .order_by(PetitionVersion.number.desc(), PetitionText.id)
    )
    texts = list(stream_rows(statement))
    title: str = text_for("en", [one for one in texts if one.number == texts[0].number]).title
    return title
