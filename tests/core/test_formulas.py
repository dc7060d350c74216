"""Cells that no spreadsheet runs, and that are read back as they were."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.core.formulas import FORMULA, begins_a_formula, shielded, unshielded
from tests.grounds.naughty import texts

TRICKY = st.text(alphabet="'=+-@＝;\t\r\n \"\u200b\ufeffa1")


@given(st.one_of(TRICKY, texts()))
def test_what_was_shielded_is_read_back_as_it_was(text: str) -> None:
    assert unshielded(shielded(text)) == text


@given(st.one_of(TRICKY, texts()))
def test_nothing_that_was_shielded_is_run(text: str) -> None:
    assert FORMULA.search(shielded(text)) is None
    assert not begins_a_formula(shielded(text))


@pytest.mark.parametrize("text", ["=1+1", " -1", "\t@SUM(A1)", "＝1", "\ufeff+1", "\n=1"])
def test_a_cell_that_begins_as_a_formula_is_seen(text: str) -> None:
    assert begins_a_formula(text)


@pytest.mark.parametrize("text", ["", "a=b", "O'Neill-Smith", "'=1", "10 - 2", "Rue 5\n-2"])
def test_any_other_cell_passes(text: str) -> None:
    assert not begins_a_formula(text)


def test_an_apostrophe_elsewhere_is_somebodys_own() -> None:
    assert unshielded("L'Office d'abord") == "L'Office d'abord"
    assert re.sub("'", "", shielded("Sir;=1")) == "Sir;=1"
