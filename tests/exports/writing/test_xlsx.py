"""The XLSX export: what CSV holds, as it was typed, in a workbook."""

import csv
import io
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset
from petition.exports.rows import OF_ONE_PETITION, Count
from petition.exports.writing.workbooks import clean
from petition.exports.writing.xlsx import pieces, widths
from petition.petitions.asks import Ask
from petition.signatures.models import Signature
from petition.web.forms.person import EMAIL_LENGTH, NAME_LENGTH
from petition.web.public.petitions.sign_form import REASON_LENGTH
from tests.factories import NOON, make_ask, make_organiser, signed, signer, spoil
from tests.grounds.exporting import as_recorded, made
from tests.grounds.workbooks import read_workbook

AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Commas, quotes, UTF-8, cells as they are shown, of all sheets."""
TYPED = [
    *("=1+1", "+44 20", "-2", "@SUM(A1)", '=HYPERLINK("http://example.org")', "\t=1"),
    *("01067", "1E5", "TRUE", "True", "9-17", "DEC1", "3/4", "1,5", "€ 5", "50 %", "#N/A"),
    *("Алиса Пример", "نادية مثال", "张伟", "👩‍👩‍👧 Ada", "  two  blanks", "'quoted'", '"x", "y"'),
]


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(ask: Ask, preset: ExportPreset = ExportPreset.SPREADSHEET) -> Export:
    """Ask for an export in XLSX."""
    contents = Contents(preset=preset, format=ExportFormat.XLSX)
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def lines(content: bytes) -> list[list[str]]:
    """Return the lines of the only sheet."""
    [found] = read_workbook(content).values()
    return found


def test_a_signature_is_one_line_of_text_in_the_words_of_the_design(ask: Ask) -> None:
    who = signer("nadia@example.org", name="=1+1", postcode="01067", reason='Because, "so"\nи так')
    signature, _ = signed(ask, who, at=NOON)
    header, line = lines(made(begin(ask)))

    assert header == list(OF_ONE_PETITION)
    assert dict(zip(header, line, strict=True)) == {
        "signature": str(signature.id),
        "state": "confirmed",
        "on_hold": "no",
        "name": "=1+1",
        "email": "nadia@example.org",
        "country": "GB",
        "postcode": "01067",
        "reason": 'Because, "so"\nи так',
        "visibility": "private",
        "language": "en",
        "petition_version": "1",
        "text_language": "en",
        "signed_at": "2026-11-20T12:00:00Z",
        "confirmed_at": "2026-11-20T12:00:00Z",
        "mail_question": ask.mail_question,
        "mail_allowed": "no",
        "mail_answered_at": "2026-11-20T12:00:00Z",
        "source": "",
    }


def test_names_and_countries_are_numbered_and_hold_nothing_else(ask: Ask) -> None:
    signed(ask, signer(name="Ada One", country="FR"))
    signed(ask, signer(name="Bea Two"))

    assert lines(made(begin(ask, ExportPreset.NAMES))) == [
        ["number", "name", "country"],
        ["1", "Ada One", "FR"],
        ["2", "Bea Two", "GB"],
    ]


def test_a_petition_without_signatures_is_a_sheet_of_columns(ask: Ask) -> None:
    assert lines(made(begin(ask))) == [list(OF_ONE_PETITION)]


def test_the_file_leaves_batch_by_batch_and_its_rows_are_counted(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petition.exports.rows.CHUNK_ROWS", 2)
    for number in range(5):
        signed(ask, signer(name=f"Ada {number}"))
    count, seen, parts = Count(), [], []
    for piece in pieces(begin(ask), count):
        seen.append(count.rows)
        parts.append(piece)

    assert seen == [2, 4, 5, 5]
    names = [line[3] for line in lines(b"".join(parts))]
    assert names == ["name", "Ada 0", "Ada 1", "Ada 2", "Ada 3", "Ada 4"]


def test_a_row_that_does_not_open_has_its_number_and_costs_no_other(ask: Ask) -> None:
    first, _ = signed(ask, signer(name="Ada One"))
    signed(ask, signer(name="Bea Two"))
    spoil(Signature, number=first.id)
    export = begin(ask)
    _, spoilt, whole = lines(made(export))

    assert (spoilt[0], spoilt[3], whole[3]) == (str(first.id), "", "Bea Two")
    assert (as_recorded(export).row_count, as_recorded(export).unreadable_count) == (2, 1)


def test_one_that_is_broken_off_in_the_middle_says_nothing(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petition.exports.rows.CHUNK_ROWS", 1)
    signed(ask)
    signed(ask)
    written = pieces(begin(ask), Count())
    next(written)
    written.close()  # type: ignore[attr-defined]


def test_columns_are_as_wide_as_what_is_in_them_within_reason() -> None:
    assert widths(["a", "state", "mail_question"], []) == [10, 10, 17]
    assert widths(["a", "b"], [["x" * 30, "x" * 500], ["", ""]]) == [30, 60]


def test_a_spreadsheet_shows_the_header_and_the_filters(ask: Ask) -> None:
    signed(ask)
    book = openpyxl.load_workbook(BytesIO(made(begin(ask))))
    [sheet] = book.worksheets

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:R2")


def test_the_longest_that_anybody_can_give_is_far_from_what_excel_cuts() -> None:
    longest = max(NAME_LENGTH, EMAIL_LENGTH, REASON_LENGTH, 400)  # 400: the question about mail

    assert longest * 2 < 32_767  # Excel counts what is beyond the basic plane as two
    assert len(clean("😀" * longest)) == longest


@pytest.mark.any_database
@pytest.mark.slow("an office suite starts")
@pytest.mark.skipif(not shutil.which("soffice"), reason="there is no LibreOffice here")
def test_libreoffice_shows_every_cell_as_it_was_typed_and_runs_none(
    ask: Ask, tmp_path: Path
) -> None:
    for name in TYPED:
        signed(ask, signer(name=name, reason=f"{name}\nand, “so” on"))
    workbook = tmp_path / "signatures.xlsx"
    workbook.write_bytes(made(begin(ask)))
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation={tmp_path.as_uri()}/profile"),
            *("--convert-to", AS_CSV, "--outdir", tmp_path, workbook),
        ],
        check=True,
        capture_output=True,
        timeout=100,
    )
    [table] = tmp_path.glob("*.csv")
    _header, *shown = csv.reader(io.StringIO(table.read_text("utf-8"), newline=""))

    assert [line[3] for line in shown] == TYPED
    assert [line[7] for line in shown] == [f"{name}\nand, “so” on" for name in TYPED]
    assert [line[:3] for line in shown] == [[line[0], "confirmed", "no"] for line in shown]
