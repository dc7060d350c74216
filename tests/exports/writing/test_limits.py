"""Whether a tool takes a file, and how many rows it would take."""

import pytest

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports import actions
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset
from petition.exports.writing.limits import Excess, excess
from petition.jobs.models import MadeFile
from petition.petitions.asks import Ask
from tests.factories import make_ask, make_organiser
from tests.grounds.exporting import as_recorded, made


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def file_of(
    ask: Ask, preset: ExportPreset, rows: int, size: int, kind: ExportFormat = ExportFormat.CSV
) -> Export:
    """Make a file, and record that it is as large as this."""
    contents, organiser = Contents(preset=preset, format=kind), make_organiser().id
    with transaction():
        export = actions.begin(ask.petition_id, organiser, "To look", contents, now())
    made(export)
    with transaction():
        session.get_one(Export, export.id).row_count = rows
        session.get_one(MadeFile, export.job_id).size = size
    return as_recorded(export)


@pytest.mark.parametrize(
    ("preset", "megabytes"),
    [
        (ExportPreset.NATIONBUILDER, 50),
        (ExportPreset.ENGAGING_NETWORKS, 20),
        (ExportPreset.BREVO, 250),
    ],
)
def test_a_file_that_is_larger_than_its_tool_takes_says_how_many_rows_fit(
    ask: Ask, preset: ExportPreset, megabytes: int
) -> None:
    most = megabytes * 1_000_000

    assert excess(file_of(ask, preset, 100_000, most)) is None
    assert excess(file_of(ask, preset, 2_000_000, 2 * most)) == Excess(950_000, most)
    assert excess(file_of(ask, preset, 600, 2 * most)) == Excess(285, most)


def test_a_tool_that_says_nothing_takes_any_file(ask: Ask) -> None:
    assert excess(file_of(ask, ExportPreset.CIVICRM, 10_000_000, 10**10)) is None


def test_a_tool_may_read_the_first_sheet_of_a_workbook_alone(ask: Ask) -> None:
    def in_sheets(preset: ExportPreset, rows: int) -> Excess | None:
        return excess(file_of(ask, preset, rows, 1_000, ExportFormat.XLSX))

    assert in_sheets(ExportPreset.BREVO, 1_048_575) is None
    assert in_sheets(ExportPreset.BREVO, 1_048_576) == Excess(1_048_575, None)
    assert in_sheets(ExportPreset.SPREADSHEET, 1_048_576) is None


def test_a_file_that_is_still_made_has_no_excess(ask: Ask) -> None:
    contents, organiser = Contents(preset=ExportPreset.NATIONBUILDER), make_organiser().id
    with transaction():
        export = actions.begin(ask.petition_id, organiser, "To look", contents, now())

    assert excess(export) is None
