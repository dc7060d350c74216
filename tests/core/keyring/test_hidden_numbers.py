"""A number behind a text: always the same, found by nobody, and opened by us alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.core.keyring.hidden_numbers import LENGTH, hidden, shown
from petition.core.storage.paging import LARGEST_ID

pytestmark = pytest.mark.usefixtures("database")


@given(number=st.integers(0, LARGEST_ID))
def test_a_number_comes_back_from_the_one_text_that_stands_for_it(number: int) -> None:
    text = hidden("a", number)

    assert (shown("a", text), hidden("a", number), len(text)) == (number, text, LENGTH)
    assert shown("b", text) is None


@given(text=st.text(max_size=40) | st.from_regex(r"[A-Za-z0-9_=-]{32}", fullmatch=True))
def test_whatever_else_is_typed_stands_for_nothing(text: str) -> None:
    assert shown("a", text) is None


def test_a_text_that_was_changed_anywhere_stands_for_nothing() -> None:
    text = hidden("a", 12)
    for at, letter in enumerate(text):
        other = "A" if letter != "A" else "B"
        assert shown("a", text[:at] + other + text[at + 1 :]) is None
