"""Exports from before they had presets say what they were, and their table is guarded."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.core.storage.migrating import upgrade
from petition.exports import actions
from petition.exports.changes import corrections
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportHeld,
    ExportPreset,
    ExportScope,
    ExportState,
)
from petition.jobs.models import FilePiece
from tests.core.storage.migrations import back_to, differences
from tests.factories import make_ask, make_organiser, rows, signed, signer
from tests.grounds.exporting import as_recorded, made


@pytest.mark.usefixtures("own_database")
def test_an_export_from_before_was_for_a_spreadsheet_and_in_csv() -> None:
    petition, organiser = make_ask().petition_id, make_organiser().id
    everything = Contents(ExportScope.EVERYTHING)
    with transaction():
        number = actions.begin(petition, organiser, "To look", everything, now()).id
        names = Contents(preset=ExportPreset.NAMES, format=ExportFormat.JSONL)
        actions.begin(petition, organiser, "To look", names, now())
    back_to("0032")
    upgrade()

    found = session.get_one(Export, number)
    assert (found.contents, found.why, found.job_id) == (everything, "To look", None)
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_an_export_from_before_there_was_age_was_in_the_clear() -> None:
    petition, organiser = make_ask().petition_id, make_organiser().id
    sheets = Contents(
        preset=ExportPreset.NAMES, format=ExportFormat.PDF, encrypted_for=("age1", "age2")
    )
    with transaction():
        number = actions.begin(petition, organiser, "To look", sheets, now()).id
    assert session.get_one(Export, number).contents == sheets
    back_to("0034")
    upgrade()

    found = session.get_one(Export, number)
    assert found.contents == Contents(preset=ExportPreset.NAMES)
    assert found.state_at(now()) is ExportState.CANCELLED
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_a_file_that_an_older_version_would_misname_is_deleted_on_the_way_back() -> None:
    ask, organiser = make_ask(), make_organiser().id
    signed(ask)
    sheets = Contents(preset=ExportPreset.NAMES, format=ExportFormat.PDF)
    with transaction():
        export = actions.begin(ask.petition_id, organiser, "To look", sheets, now())
    made(export)
    back_to("0034")
    upgrade()

    assert as_recorded(export).state_at(now()) is ExportState.GONE
    assert rows(FilePiece) == 0
    session.remove()


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(
    "change", ["preset = 'other'", "format = 'other'", "scope = 'other'", "row_count = 1"]
)
def test_a_migrated_table_refuses_what_is_no_export(change: str) -> None:
    petition, organiser = make_ask().petition_id, make_organiser().id
    with transaction():
        actions.begin(petition, organiser, "To look", Contents(), now())

    with pytest.raises(IntegrityError), transaction() as writing:
        writing.execute(text(f"UPDATE export SET {change}"))


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(
    ("contents", "nearest"),
    [
        (Contents(format=ExportFormat.XLSX), Contents()),
        (Contents(preset=ExportPreset.CIVICRM_ACTIVITIES), Contents(preset=ExportPreset.CIVICRM)),
        (
            Contents(preset=ExportPreset.OSDI, format=ExportFormat.JSONL),
            Contents(preset=ExportPreset.MAILING_LIST),
        ),
        (
            Contents(preset=ExportPreset.ENGAGING_NETWORKS, format=ExportFormat.XLSX),
            Contents(preset=ExportPreset.MAILING_LIST),
        ),
        (
            Contents(preset=ExportPreset.NAMES, format=ExportFormat.JSONL),
            Contents(preset=ExportPreset.NAMES, format=ExportFormat.JSONL),
        ),
    ],
)
def test_what_came_as_workbooks_activities_and_osdi_goes_back_as_what_is_nearest(
    contents: Contents, nearest: Contents
) -> None:
    ask, organiser = make_ask(), make_organiser().id
    signed(ask, signer(mail_allowed=True))
    with transaction():
        export = actions.begin(ask.petition_id, organiser, "To look", contents, now())
    made(export)
    back_to("0035")
    upgrade()

    found = as_recorded(export)
    is_same = contents == nearest
    assert (found.contents, found.why) == (nearest, "To look")
    assert found.state_at(now()) is (ExportState.READY if is_same else ExportState.GONE)
    assert (rows(FilePiece) > 0) == is_same
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_what_an_older_version_would_take_for_a_whole_file_is_deleted_on_the_way_back() -> None:
    ask, organiser = make_ask(), make_organiser().id
    signed(ask)
    exports: list[Export] = []
    for _ in range(2):
        with transaction():
            since = exports[-1].id if exports else None
            begun = actions.begin(ask.petition_id, organiser, "-", Contents(since=since), now())
        made(begun)
        exports.append(begun)
    assert rows(ExportHeld) == 1
    back_to("0037")
    upgrade()

    first, second = map(as_recorded, exports)
    states = first.state_at(now()), second.state_at(now())
    assert states == (ExportState.READY, ExportState.GONE)
    assert (first.numbers_kept, first.row_count, second.since_id) == (False, 1, None)
    assert corrections(first) == []
    assert differences() == []
    session.remove()
