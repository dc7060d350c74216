"""Characters that nobody sees."""

import pytest

from petition.core.unseen import is_unseen


@pytest.mark.parametrize("character", ["\0", "\n", "\x85", "\u202e", "\u2028", "\ud800", "\ufffe"])
def test_what_nobody_sees_or_what_turns_a_text_has_no_place_in_it(character: str) -> None:
    assert is_unseen(character)


@pytest.mark.parametrize("character", ["a", " ", "\u200c", "\u200d", "\u0301", "ß", "本"])
def test_letters_and_what_joins_them_have_a_place(character: str) -> None:
    assert not is_unseen(character)
