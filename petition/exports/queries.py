"""Reads of exports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, exists, func, or_, select

from petition.core.clock import hour_of
from petition.core.i18n import text_for
from petition.core.storage.database import session
from petition.core.storage.long_reads import stream_rows
from petition.exports.models import Export, ExportDownload, ExportPetition, ExportScope
from petition.jobs.files import ready_jobs
from petition.petitions.models import Petition, PetitionText, PetitionVersion
from petition.signatures.models import Removal

CLOCKS_MAY_DIFFER_BY = timedelta(minutes=1)
LET_FOR = timedelta(hours=1)
"""How long a download that was let may be begun again where it broke off."""


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
    """Return the exports of an organiser that are there and that they have not taken, by age."""
    taken = exists().where(
        ExportDownload.export_id == Export.id, ExportDownload.organiser_id == organiser_id
    )
    statement = (
        select(Export, Petition)
        .join(Petition, Petition.id == Export.petition_id)
        .where(Export.job_id.in_(ready_jobs(organiser_id, at)), ~taken)
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


def corrections(export: Export) -> list[int]:
    """Return the numbers of signatures that the file may hold and that have left the count since.

    The rows were read at some moment between asking for the file and its end. A removal in the
    very hour of the export is listed, although the file may lack it already: striking a row that
    is not there does no harm, keeping one that should go does. So is one of another country or
    language than the file is narrowed to, which a removal does not tell.
    """
    read_by = export.finished_at or export.begun_at
    everything = export.scope == ExportScope.EVERYTHING
    held_since = Removal.signed_at if everything else Removal.confirmed_at
    statement = (
        select(Removal.signature_id)
        .where(
            Removal.petition_id.in_(export.petition_ids),
            Removal.removed_at >= hour_of(export.begun_at - CLOCKS_MAY_DIFFER_BY),
            held_since <= read_by + CLOCKS_MAY_DIFFER_BY,
            *export.choice.days_hold(held_since),
        )
        .order_by(Removal.signature_id)
        .distinct()
    )
    return list(session.scalars(statement))


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
