"""The cells of a file: no spreadsheet runs one, and each reads as it was written."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.core.formulas import FORMULA as PLACE
from petition.exports.csv import harmless
from tests.grounds.naughty import texts

FORMULA = tuple("=+-@\t\r＝＋－＠")
BLANK = ' "\u00a0\u200b\u3000\ufeff'


@given(texts())
def test_no_cell_begins_as_a_formula_whatever_separates_cells(text: str) -> None:
    cell = harmless(text)

    for piece in re.split(r"[;\t\r\n]", cell):
        assert not piece.lstrip(BLANK).startswith(FORMULA)
    assert cell.replace("'", "") == text.replace("'", "").replace("\0", "")


@given(texts() | st.text("aZé人ع1 ;=+\n\t\0\u00a0\u200b'", max_size=8))
def test_a_cell_that_is_left_alone_at_once_is_one_that_stays_as_it_is(text: str) -> None:
    assert harmless(text) == PLACE.sub(r"\g<0>'", text.replace("\0", ""))


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
        (None, ""),
        ("", ""),
        ("a\0b", "ab"),
        ("\0=1", "'=1"),
        ('A;"=1+1;B', "A;\"'=1+1;B"),
    ],
)
def test_formulae_are_turned_into_text_and_nothing_else_is(text: str | None, cell: str) -> None:
    assert harmless(text) == cell


@given(name=st.text(min_size=1, max_size=60))
def test_a_row_survives_the_file_whatever_the_name(name: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([harmless(name), "end"])

    [row] = csv.reader(io.StringIO(buffer.getvalue(), newline=""))
    assert row == [harmless(name), "end"]


@given(texts())
def test_a_cell_that_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)
