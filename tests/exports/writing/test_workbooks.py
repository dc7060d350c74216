"""Workbooks of text: what was typed comes back from other programs, and nothing of it is live."""

import re
import tempfile
import tracemalloc
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petition.exports.writing.workbooks import CellRefused, TextWorkbook, clean
from tests.grounds.naughty import texts
from tests.grounds.workbooks import by_calamine, by_openpyxl, read_workbook

AT = datetime(2026, 12, 9, 12, 30, tzinfo=UTC)
AS_TYPED = (
    *("01067", "1E5", "True", "TRUE", "2026-01-02", "1/2", "12:30", "1,5", "-0", "NaN", "#N/A"),
    *("=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "＝1", '=HYPERLINK("https://example.org")'),
    *("https://example.org", "mailto:a@example.org", "internal:Sheet1!A1", "'quoted"),
    *(
        "Надя Пример",
        "ندى مثال",
        "王小明",
        "이민호",
        "José",
        "e\u0301",
        "👩‍👩‍👧‍👦",
        "𝓝𝓪𝓭𝓲𝓪",
        "\u202eabc",
    ),
    *("one\ntwo", "\nfirst", "last\n", "a\tb", " before", "after ", "a  b", "\u00a0"),
    *("<b>&amp;</b>", "]]>", '"', "<r>", "<r><t>x</t></r>", "<r>&</r>", "<r></c></r>"),
)


def written(
    *batches: Iterable[Sequence[str]], headers: Sequence[str] = ("name", "reason")
) -> bytes:
    """Return a workbook of these lines."""
    with TextWorkbook(headers, [20] * len(headers), AT) as workbook:
        parts = [workbook.add(lines) for lines in batches]
        return b"".join([*parts, workbook.end()])


def only_sheet(content: bytes) -> list[list[str]]:
    [lines] = read_workbook(content).values()
    return lines


def test_what_was_typed_comes_back_as_it_was_typed() -> None:
    lines = [[text, f"{number}"] for number, text in enumerate(AS_TYPED)]

    assert only_sheet(written(lines)) == [["name", "reason"], *lines]


@settings(max_examples=30)
@given(st.lists(texts() | st.text('aZé人😀 =<r>&"\n\r\t\0\ud800\uffff\u0085', max_size=9)))
def test_whatever_was_typed_comes_back_but_for_what_xml_cannot_hold(typed: list[str]) -> None:
    lines = [[clean(text), "."] for text in typed]

    assert by_calamine(written(lines))["Signatures"][1:] == lines


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("a\0b\x01\x1b\x0b", "ab"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\ud800b\ufffe\uffff", "ab"),
        ("a\x85\u2028\ufeff", "a\x85\u2028\ufeff"),
        ("Zoë 😀", "Zoë 😀"),
    ],
)
def test_what_xml_cannot_hold_is_left_out_and_lines_end_as_in_a_cell(typed: str, held: str) -> None:
    assert clean(typed) == held
    assert only_sheet(written([[held, "."]]))[1] == [held, "."]


def test_what_looks_like_an_escape_of_excel_comes_back_too() -> None:
    """Openpyxl does not read such escapes at all, and shows each as it stands in the file."""
    typed = [
        *("_x0041_", "_x000D_", "_x005F_", "_x005F_x0041_", "_x005f_x005F_x0041_", "__x0041_"),
        *("_x0041_x0042_", "_x0041__x0042_", "_xD83D_", "_x41_", "_x0041", "a_b_c"),
    ]
    workbook = written([[text, "."] for text in typed])

    assert [line[0] for line in by_calamine(workbook)["Signatures"][1:]] == typed
    in_file = [line[0] for line in by_openpyxl(workbook)["Signatures"][1:]]
    assert in_file[:4] == [
        *("_x005F_x0041_", "_x005F_x000D_", "_x005F_x005F_", "_x005F_x005F_x005F_x0041_"),
    ]
    assert in_file[-3:] == typed[-3:]


def test_no_cell_is_a_formula_a_number_or_a_link_nor_becomes_one_when_edited() -> None:
    book = openpyxl.load_workbook(BytesIO(written([[text, "1"] for text in AS_TYPED])))
    cells = [cell for line in book["Signatures"].iter_rows() for cell in line]

    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert not any(cell.hyperlink for cell in cells)


def test_the_header_stays_in_sight_and_every_column_has_its_width_and_a_filter() -> None:
    with TextWorkbook(["name", "reason"], [12, 60], AT) as workbook:
        parts = [workbook.add([["Ada", "So"], ["Bea", ""]]), workbook.end()]
    book = openpyxl.load_workbook(BytesIO(b"".join(parts)))
    sheet = book["Signatures"]

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")
    widths = [sheet.column_dimensions[column].width for column in "AB"]
    assert [round(width) for width in widths] == [13, 61]  # Excel's own margin is among them
    assert (sheet["A1"].font.bold, sheet["A2"].font.bold) == (True, False)
    assert book.properties.created == AT.replace(tzinfo=None)


def test_a_workbook_without_rows_has_its_header() -> None:
    assert only_sheet(written([])) == [["name", "reason"]]
    assert only_sheet(written()) == [["name", "reason"]]


def test_when_a_sheet_is_full_another_begins_with_the_header(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("petition.exports.writing.workbooks.MOST_ROWS", 3)
    lines = [[f"{number}", "."] for number in range(7)]
    header = [["name", "reason"]]

    for batches in ([lines], [lines[:2], lines[2:]], [[one] for one in lines]):
        assert read_workbook(written(*batches)) == {
            "Signatures": header + lines[:3],
            "Signatures 2": header + lines[3:6],
            "Signatures 3": header + lines[6:],
        }
    assert list(read_workbook(written(lines[:3]))) == ["Signatures"]


def test_a_sheet_is_full_too_before_it_is_larger_than_every_zip_program_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("petition.exports.writing.workbooks.MOST_BYTES", 20_000)
    batches = [[[f"{number}" * 30_000, "."]] for number in range(3)]
    sheets = read_workbook(written(*batches))

    assert [len(lines) for lines in sheets.values()] == [2, 2, 2]


def test_the_same_rows_are_the_same_file() -> None:
    lines = [["Ada", "So"]]

    assert written(lines) == written(lines)


def test_a_cell_that_excel_would_cut_is_refused() -> None:
    assert only_sheet(written([["x" * 32_767, "."]]))[1][0] == "x" * 32_767
    with pytest.raises(CellRefused):
        written([["x" * 32_768, "."]])


def test_nothing_is_left_on_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))

    assert only_sheet(written([["Ada", "So"]]))[1] == ["Ada", "So"]


def test_it_leaves_while_it_is_written_and_memory_does_not_grow() -> None:
    def peak(batches: int) -> int:
        chance = Random(7)
        tracemalloc.start()
        with TextWorkbook(["name", "reason"], [20, 20], AT) as workbook:
            sizes = [
                len(workbook.add([["Ada", chance.randbytes(200).hex()] for _line in range(200)]))
                for _batch in range(batches)
            ]
            workbook.end()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert min(sizes) > 0
        return most

    assert peak(12) < peak(3) * 1.2


def test_one_that_is_given_up_says_nothing() -> None:
    with TextWorkbook(["name"], [20], AT) as workbook:
        workbook.add([["Ada"]])


def test_zip_programs_find_nothing_wrong_and_it_needs_no_zip64() -> None:
    content = written([["Ada", "So"]])
    with ZipFile(BytesIO(content)) as file:
        assert file.testzip() is None
        names = file.namelist()
        sheet = file.read("xl/worksheets/sheet1.xml").decode()

    assert len(names) == len(set(names))
    assert {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml"} <= set(names)
    assert b"PK\x06\x06" not in content
    assert re.findall(r"<(?:dimension|f|hyperlink)\b", sheet) == []


def test_both_programs_would_see_what_is_no_text() -> None:
    other = openpyxl.Workbook()
    other.active["A1"] = 1
    content = BytesIO()
    other.save(content)

    for read in (by_openpyxl, by_calamine):
        with pytest.raises(AssertionError):
            read(content.getvalue())


@pytest.mark.parametrize(("columns", "orientation"), [(5, "portrait"), (6, "landscape")])
def test_a_wide_workbook_is_printed_across_and_no_column_is_on_a_page_of_its_own(
    columns: int, orientation: str
) -> None:
    names = [str(column) for column in range(columns)]
    with TextWorkbook(names, [20] * columns, AT) as workbook:
        content = workbook.end()
    [sheet] = openpyxl.load_workbook(BytesIO(content)).worksheets

    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (orientation, 0)
    assert sheet.print_title_rows == "$1:$1"
