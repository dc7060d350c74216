"""The cells that tools take: names in two parts, cut where a tool would cut, never unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.exports.cells import in_bytes, in_characters, parts_of
from petition.exports.rows import Row

NOBODY = Row._make([""] * len(Row._fields))


def cut(text: str, most: int) -> str:
    return str(in_characters(most, lambda _: text)(NOBODY))


def cut_bytes(text: str, most: int) -> str:
    return str(in_bytes(most, lambda _: text)(NOBODY))


@pytest.mark.parametrize(
    ("text", "most", "room"),
    [
        ("Nadia", 5, "Nadia"),
        ("Nadia", 4, "Nad…"),
        ("Nadia Maria", 7, "Nadia…"),
        ("", 5, ""),
        ("王" * 6, 5, "王王王王…"),
    ],
)
def test_what_has_no_room_ends_in_an_ellipsis(text: str, most: int, room: str) -> None:
    assert cut(text, most) == room


@pytest.mark.parametrize(
    ("text", "most", "room"),
    [
        ("Nadia", 5, "Nadia"),
        ("Nadia", 4, "N…"),
        ("王王", 6, "王王"),
        ("王王王", 8, "王…"),
        ("😀😀😀", 8, "😀…"),
        ("", 5, ""),
    ],
)
def test_where_bytes_count_no_character_is_cut_in_two(text: str, most: int, room: str) -> None:
    assert cut_bytes(text, most) == room


@given(text=st.text(max_size=40), most=st.integers(4, 50))
def test_it_never_has_more_than_there_is_room_for(text: str, most: int) -> None:
    assert len(cut(text, most)) <= most
    assert len(cut_bytes(text, most).encode("utf-8", "replace")) <= most


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Nadia Sample", ("Nadia", "Sample")),
        ("Nadia Maria Sample", ("Nadia Maria", "Sample")),
        (" Nadia  Sample ", ("Nadia", "Sample")),
        ("Suharto", ("", "Suharto")),
        ("王小明", ("", "王小明")),
        ("王 小明", ("", "王 小明")),
        ("이 민호", ("", "이 민호")),
        ("さくら 花子", ("", "さくら 花子")),
        ("Sample, Nadia", ("", "Sample, Nadia")),
        ("Надя Пример", ("Надя", "Пример")),
        ("ندى مثال", ("ندى", "مثال")),
        ("", ("", "")),
        (None, ("", "")),
    ],
)
def test_the_last_word_is_the_family_name_where_a_name_can_be_split(
    name: str | None, parts: tuple[str, str]
) -> None:
    assert parts_of(name) == parts
