"""Exports from before they had presets say what they were, and their table is guarded."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.core.storage.migrating import upgrade
from petition.exports import actions
from petition.exports.changes import corrections
from petition.exports.choice import Choice
from petition.exports.composing.drafts import ColumnDraft
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportHeld,
    ExportPreset,
    ExportScope,
    ExportSplit,
    ExportState,
)
from petition.exports.own.queries import own_presets
from petition.jobs.models import FilePiece
from tests.core.storage.migrations import back_to, differences
from tests.exports.composing.drafting import PRESS, made_preset
from tests.factories import (
    OTHER_SLUG,
    make_ask,
    make_organiser,
    newest_signature,
    rows,
    signed,
    signer,
)
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
    "change",
    [
        *("preset = 'other'", "format = 'other'", "scope = 'other'", "row_count = 1"),
        *("countries = ''", "languages = ''", "first_day = '2026-11-02', last_day = '2026-11-01'"),
    ],
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
def test_a_narrowed_file_is_deleted_on_the_way_back_and_one_of_all_is_not() -> None:
    ask, other = make_ask(), make_ask(OTHER_SLUG)
    organiser = make_organiser().id
    signed(ask)
    kinds = {
        Contents(): ExportState.READY,
        Contents(choice=Choice(countries=("GB",))): ExportState.GONE,
        Contents(choice=Choice(first_day=date(2026, 11, 1))): ExportState.GONE,
        Contents(choice=Choice(languages=("en",))): ExportState.GONE,
        Contents(further=(other.petition_id,)): ExportState.GONE,
    }
    exports = []
    for contents in kinds:
        with transaction():
            exports.append(actions.begin(ask.petition_id, organiser, "To look", contents, now()))
        made(exports[-1])
    back_to("0037")
    upgrade()

    found = [as_recorded(export) for export in exports]
    assert [export.state_at(now()) for export in found] == list(kinds.values())
    assert {export.contents for export in found} == {Contents()}
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_what_was_made_by_a_preset_of_ones_own_goes_back_as_what_is_nearest() -> None:
    ask, organiser = make_ask(), make_organiser().id
    signed(ask, signer(mail_allowed=True))
    stands = (*PRESS.columns, ColumnDraft("state", "State"))
    own, scope = ExportPreset.OWN, ExportScope.EVERYTHING
    mailed = made_preset(replace(PRESS, consenting=True)).id
    nearest = {
        Contents(preset=own, own=mailed): Contents(preset=ExportPreset.MAILING_LIST),
        Contents(scope, own, own=made_preset(replace(PRESS, name="All", columns=stands)).id): (
            Contents(scope)
        ),
        Contents(split=ExportSplit.COUNTRY): Contents(),
        Contents(): Contents(),
    }
    exports = []
    for contents in nearest:
        with transaction():
            exports.append(actions.begin(ask.petition_id, organiser, "To look", contents, now()))
        made(exports[-1])
    back_to("0040")
    upgrade()

    found = [as_recorded(export) for export in exports]
    assert [export.contents for export in found] == list(nearest.values())
    states = [export.state_at(now()) for export in found]
    assert states == [*(ExportState.GONE,) * 3, ExportState.READY]
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
    back_to("0038")
    upgrade()

    first, second = map(as_recorded, exports)
    states = first.state_at(now()), second.state_at(now())
    assert states == (ExportState.READY, ExportState.GONE)
    assert (first.numbers_kept, first.row_count, second.since_id) == (False, 1, None)
    assert corrections(first) == []
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_sources_go_on_the_way_back_with_the_files_and_presets_that_have_them() -> None:
    ask, organiser = make_ask(), make_organiser().id
    signed(ask, source="newsletter-nov")
    poster, column = Choice(sources=("poster",)), (*PRESS.columns, ColumnDraft("source", "From"))
    plain, narrowed, telling = (
        made_preset(draft).id
        for draft in (
            PRESS,
            replace(PRESS, name="Posters", choice=poster),
            replace(PRESS, name="Sources", columns=column),
        )
    )
    own = ExportPreset.OWN
    kinds = {
        Contents(): ExportState.READY,
        Contents(choice=poster): ExportState.GONE,
        Contents(preset=own, own=plain): ExportState.READY,
        Contents(preset=own, own=narrowed): ExportState.GONE,
        Contents(preset=own, own=telling): ExportState.GONE,
    }
    exports = []
    for contents in kinds:
        with transaction():
            exports.append(actions.begin(ask.petition_id, organiser, "To look", contents, now()))
        made(exports[-1])
    back_to("0046")
    upgrade()

    found = [as_recorded(export) for export in exports]
    assert [export.state_at(now()) for export in found] == list(kinds.values())
    assert [export.numbers_kept for export in found] == [True, False, True, False, False]
    assert {export.choice for export in found} == {Choice()}
    assert [preset.id for preset in own_presets()] == [plain]
    assert newest_signature().source is None
    assert differences() == []
    session.remove()


@pytest.mark.usefixtures("own_database")
def test_a_file_that_is_kept_deflated_is_deleted_on_the_way_back() -> None:
    ask, organiser = make_ask(), make_organiser().id
    for number in range(20):
        signed(ask, signer(email=f"nadia{number}@example.org"))
    with transaction():
        export = actions.begin(ask.petition_id, organiser, "To look", Contents(), now())
    made(export)
    back_to("0049")
    upgrade()

    assert as_recorded(export).state_at(now()) is ExportState.GONE
    assert rows(FilePiece) == 0
    session.remove()
