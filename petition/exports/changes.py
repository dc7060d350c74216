"""What has changed of a file since it was made: who has left it, and who wants no mail any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from petition.core.clock import hour_of
from petition.core.storage.database import session
from petition.exports.held import Event, File, continued_by, happened_to, lately
from petition.exports.models import Export, ExportScope, Held
from petition.exports.presets import Preset, preset_of
from petition.signatures.models import Removal, SignatureState

CLOCKS_MAY_DIFFER_BY = timedelta(minutes=1)


class ChangeKind(StrEnum):
    """What has become of a signature."""

    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    STRUCK = "struck"
    """Not genuine."""
    CONSENT_TAKEN_BACK = "consent_taken_back"
    """It counts, but may not be mailed."""
    BACK = "back"
    """It had left, and is there again: its new row is among those who are new since."""


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of one signature of a file."""

    export: int
    """The number of the export whose file held it."""
    signature: int
    kind: ChangeKind
    day: date
    """On which it happened last, in UTC."""


GONE = {
    None: ChangeKind.ERASED,
    SignatureState.WITHDRAWN: ChangeKind.WITHDRAWN,
    SignatureState.INVALIDATED: ChangeKind.STRUCK,
}
FOR_GOOD = set(GONE.values())


def changes_of(export: Export) -> list[Change]:
    """Return what has changed of the file of an export whose numbers are kept, by number."""
    return _changes_of(File.of(export), preset_of(export))


def changes_since(export: Export) -> list[Change]:
    """Return what has changed of a file and of all that it continues, by file and number."""
    preset = preset_of(export)
    files = [File.of(export), *continued_by(export, session.execute)]
    return [one for file in reversed(files) for one in _changes_of(file, preset)]


def to_take_out(export: Export, changes: Iterable[Change]) -> list[int]:
    """Return the numbers of those who are to leave the file for good."""
    consenting = preset_of(export).consenting
    leaving = FOR_GOOD | {ChangeKind.CONSENT_TAKEN_BACK} if consenting else FOR_GOOD
    return [one.signature for one in changes if one.kind in leaving]


def _changes_of(file: File, preset: Preset, among: Iterable[Event] | None = None) -> list[Change]:
    with_mail = preset.consenting or preset.tells_of_mail
    happened: dict[int, list[Event]] = {}
    for event in happened_to(file, session.execute, with_mail=with_mail, among=among):
        happened.setdefault(event.signature, []).append(event)
    return [
        Change(file.export, signature, _kind(events, preset), max(one.at for one in events).date())
        for signature, events in sorted(happened.items())
    ]


def _kind(events: list[Event], preset: Preset) -> ChangeKind:
    now = events[-1]
    if now.state in GONE:
        return GONE[now.state]
    had_left = any(one.kind is Held.REMOVALS for one in events)
    may_be_mailed = now.mail_allowed or not preset.consenting
    return ChangeKind.BACK if had_left and may_be_mailed else ChangeKind.CONSENT_TAKEN_BACK


def corrections(export: Export) -> list[int]:
    """Return the numbers of those whom the file held, and who are to be taken out of it."""
    return corrections_of([export])[export.id]


def corrections_of(exports: Sequence[Export]) -> dict[int, list[int]]:
    """Return, of each export, the numbers of those who are to be taken out of its file.

    Of one whose numbers are not kept: of those whom it may have held.
    """
    kept = [File.of(export) for export in exports if export.numbers_kept]
    events = lately(kept, session.execute) if kept else []
    exact = {file.export: file for file in kept}
    return {
        one.id: to_take_out(one, _changes_of(exact[one.id], preset_of(one), events))
        if one.numbers_kept
        else _may_be_to_take_out(one)
        for one in exports
    }


def _may_be_to_take_out(export: Export) -> list[int]:
    """Return the numbers of those whom a file of an older version may hold, and who have left.

    Its rows were read at some moment between asking for the file and its end. A removal in the
    very hour of the export is listed, although the file may lack it already: striking a row that
    is not there does no harm, keeping one that should go does. So is one of another country or
    language than the file is narrowed to, which a removal does not tell.
    """
    read_by: datetime = export.finished_at or export.begun_at
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
