"""Reads of exports."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, or_, select

from petition.core.i18n import text_for
from petition.core.storage.database import session
from petition.core.storage.long_reads import stream_rows
from petition.exports.models import (
    Contents,
    Export,
    ExportDownload,
    ExportFormat,
    ExportPetition,
    ExportScope,
    ExportSplit,
)
from petition.jobs.downloads import how_often, was_let
from petition.jobs.files import ready_jobs
from petition.petitions.models import Petition, PetitionText, PetitionVersion

Rows = tuple[frozenset[int], Contents]
"""Of which petitions a file is, and what else decides which rows it has."""


def exports_of(petition_id: int) -> list[Export]:
    """Return the exports that a petition's signatures are in, newest first."""
    statement = select(Export).where(_has(petition_id))
    newest_first = statement.order_by(Export.begun_at.desc(), Export.id.desc())
    return list(session.scalars(newest_first.execution_options(populate_existing=True)))


def export_of(petition_id: int, number: int) -> Export | None:
    """Return an export that a petition's signatures are in."""
    export = session.get(Export, number, populate_existing=True)
    return export if export is not None and petition_id in export.petition_ids else None


def _has(petition_id: int) -> ColumnElement[bool]:
    further = select(ExportPetition.export_id).where(ExportPetition.petition_id == petition_id)
    return or_(Export.petition_id == petition_id, Export.id.in_(further))


def ready_for(organiser_id: int, at: datetime) -> list[tuple[Export, Petition]]:
    """Return the exports of an organiser that are there without their knowing it, by age."""
    statement = (
        select(Export, Petition)
        .join(Petition, Petition.id == Export.petition_id)
        .where(Export.job_id.in_(ready_jobs(organiser_id, at)))
        .order_by(Export.id)
    )
    return [(export, petition) for export, petition in session.execute(statement)]


def downloads_of(exports: Sequence[Export]) -> Mapping[int, int]:
    """Return how often each of these was taken away."""
    return how_often(ExportDownload.export_id, [export.id for export in exports])


def may_download(export: Export, session_hash: bytes, at: datetime) -> bool:
    """Whether somebody was let take it away in this session, not long ago."""
    its = ExportDownload.export_id == export.id
    return was_let(ExportDownload, its, session_hash, at)


def can_continue(petition_id: int, contents: Contents) -> bool:
    """Whether the export that these contents name is made, of the same rows, and knows them."""
    if contents.scope is not ExportScope.CONFIRMED:
        return False  # where all states are in it, somebody who confirms since is not new
    before = export_of(petition_id, contents.since) if contents.since is not None else None
    if before is None or before.finished_at is None or not before.numbers_kept:
        return False
    return rows_of(before.petition_id, before.contents) == rows_of(petition_id, contents)


def last_taken(exports: Sequence[Export]) -> list[Export]:
    """Return of these exports, the newest first, the last of each kind that somebody took away.

    They are what can be continued: rows of a file that nobody took have reached nobody. None can
    be by a preset of the team's own that was changed or retired since, or hold what does not count:
    whoever confirms later would be in no file as one who did.
    """
    taken = downloads_of(exports)
    last: dict[Rows, Export] = {}
    for export in exports:
        can_be = export.own is None or export.own.retired_at is None
        has_left = taken[export.id] or export.job_id is None
        can_be = can_be and export.scope is ExportScope.CONFIRMED
        if can_be and export.finished_at and export.numbers_kept and has_left:
            last.setdefault(rows_of(export.petition_id, export.contents), export)
    return list(last.values())


def rows_of(petition_id: int, contents: Contents) -> Rows:
    """Return what decides which rows a whole file has, and what is in them.

    That is of which petitions it is, whichever was asked first; and how its contents are narrowed,
    not how they are written.
    """
    alike = replace(
        contents,
        format=ExportFormat.CSV,
        encrypted_for=(),
        further=(),
        split=ExportSplit.WHOLE,
        since=None,
    )
    return frozenset({petition_id, *contents.further}), alike


def titles_of(export: Export) -> dict[str, str]:
    """Return the title of each petition in it by its slug.

    In English where there is one, of the newest version.
    """
    statement = (
        select(Petition.slug, PetitionText.language, PetitionText.title, PetitionVersion.number)
        .join(PetitionVersion, PetitionVersion.id == PetitionText.version_id)
        .join(Petition, Petition.id == PetitionVersion.petition_id)
        .where(PetitionText.petition_id.in_(export.petition_ids))
        .order_by(Petition.slug, PetitionVersion.number.desc(), PetitionText.id)
    )
    texts = {slug: list(found) for slug, found in groupby(stream_rows(statement), itemgetter(0))}
    return {
        slug: text_for("en", [one for one in found if one.number == found[0].number]).title
        for slug, found in texts.items()
    }
