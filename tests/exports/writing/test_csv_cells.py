"""The cells of a file: no spreadsheet runs one, and each reads as it was written."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.core.formulas import FORMULA as PLACE
from petition.exports.writing.csv import cell, harmless, shielded_cell
from tests.grounds.naughty import texts

FORMULA = tuple("=+-@\t\r＝＋－＠")
BLANK = ' "\u00a0\u200b\u3000\ufeff'


@given(texts())
def test_no_cell_begins_as_a_formula_whatever_separates_cells(text: str) -> None:
    safe = harmless(text)

    for piece in re.split(r"[;\t\r\n]", safe):
        assert not piece.lstrip(BLANK).startswith(FORMULA)
    assert safe.replace("'", "") == text.replace("'", "").replace("\0", "")


@given(texts() | st.text("aZé人ع1 ;,\"=+\n\t\0\u00a0\u200b'", max_size=8))
def test_a_cell_stands_in_the_file_as_a_program_for_such_files_writes_it(text: str) -> None:
    assert shielded_cell(text) == as_written(PLACE.sub(r"\g<0>'", text.replace("\0", "")))
    assert cell(text) == as_written(text.replace("\0", ""))


def as_written(text: str) -> str:
    """Return the cell as the `csv` of Python writes it, of a row with another cell."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([text, ""])
    return buffer.getvalue().removesuffix(",\r\n")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("Nadia", "Nadia"),
        ("a=b", "a=b"),
        ("a+b@example.org", "a+b@example.org"),
        ("Jean-Luc O'Neill", "Jean-Luc O'Neill"),
        ("", ""),
        ("a\0b", "ab"),
        ("\0=1", "'=1"),
        ('A;"=1+1;B', "A;\"'=1+1;B"),
    ],
)
def test_formulae_are_turned_into_text_and_nothing_else_is(text: str, cell: str) -> None:
    assert harmless(text) == cell


def test_a_number_is_written_as_it_is_and_what_is_absent_as_nothing() -> None:
    assert (shielded_cell(7), shielded_cell(None), cell(0), cell(None)) == ("7", "", "0", "")


@given(name=st.text(max_size=60))
def test_a_row_survives_the_file_whatever_the_name(name: str) -> None:
    line = ",".join([shielded_cell(name), cell(name), cell("end")]) + "\r\n"

    [row] = csv.reader(io.StringIO(line, newline=""))
    assert row == [harmless(name), name.replace("\0", ""), "end"]


@given(texts())
def test_a_cell_that_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)
