"""Where things stand on a letter's sheet: in the window of its country, or out of its sight."""

from typing import Any

import pytest
from PIL import ImageChops

from petition.letters.paper.layouts import BY_COUNTRY, layout_for
from petition.recipients.models import Paper
from tests.letters.paper.printed import (
    ADDRESSES,
    BODY,
    cropped,
    data_of,
    in_millimetres,
    ink_on,
    mailroom,
    written,
)


def assert_in_window(country: str, data: dict[str, Any]) -> None:
    """Check that the address stands in the window, with no other word on the sheet."""
    bare = {"sender": [""], "date": "", "subject": "", "paragraphs": [], "signature": []}
    bare["layout"] = data["layout"] | {"folds": []}
    left, top, right, bottom = in_millimetres(ink_on(data | bare).getbbox())
    window = layout_for(country, Paper.A4).window
    assert window.left + 2 < left < right < window.left + window.width - 2
    assert window.top < top < bottom < window.top + window.height


def test_characters_that_turn_text_around_turn_only_their_own_line() -> None:
    plain, turned = (
        ink_on(data_of(written(BODY.replace("Nadia Haddad", name), name=name)))
        for name in ("Nadia Haddad", "\u202eNadia Haddad")
    )
    changed = ImageChops.difference(plain, turned)
    _, _, _, foot = in_millimetres(plain.getbbox())

    assert changed.getbbox() is not None
    assert cropped(changed, 0, 29, 210, foot - 8).getbbox() is None


@pytest.mark.parametrize("word", ["W", "м", "a.", "x1,", "_-", "!?", "/", "ع", "制裁"])
def test_a_word_without_an_end_stays_on_the_sheet(word: str) -> None:
    data = data_of(written(f"{word * 500}\n\nNadia Haddad"))
    left, _, right, bottom = in_millimetres(ink_on(data).getbbox())

    assert left > 24.5
    assert right < 186
    assert bottom < 275


@pytest.mark.parametrize("country", ADDRESSES)
def test_the_address_stands_in_the_window_of_the_country(country: str) -> None:
    room = mailroom(country)
    far = room.address + "\nRoom 101\nSecond floor" if room.address else ""

    for address in (room.address, far):
        data = data_of(written(country="LB"), mailroom(country, address=address))
        assert_in_window(country, data)


@pytest.mark.parametrize("country", ["FR", "GB", "US"])
@pytest.mark.parametrize("lines", [["Office of the " + "very " * 40 + "high"], ["A line"] * 9])
def test_an_address_with_too_many_words_is_set_smaller(country: str, lines: list[str]) -> None:
    assert_in_window(country, data_of(written(), mailroom(country, address="\n".join(lines))))


def test_an_address_that_runs_to_the_left_stands_in_the_same_window() -> None:
    room = mailroom("LB", address="وزارة الخارجية\nشارع سليم سلام\nبيروت")
    data = data_of(written(), room)

    assert (data["address"]["dir"], data["address"]["lang"]) == ("rtl", "ar")
    assert_in_window("LB", data)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("country", ["BE", "FR", "GB", "US"])
def test_nothing_but_the_address_can_be_seen_from_outside(country: str, language: str) -> None:
    address = "14 Mill Lane\nCambridge\nCambridgeshire\nCB2 1RX\nUnited Kingdom"
    data = data_of(written(address=address), mailroom(country), language)
    data["address"]["lines"] = [""]
    layout = layout_for(country, Paper.A4)
    slack = 25.4 if country == "US" else 10
    window = layout.window
    left, right = window.left - slack, window.left + window.width + 5

    assert cropped(ink_on(data), left, window.top, right, layout.body - 1).getbbox() is None


def test_the_sheet_is_marked_for_folding_only_where_din_does_so() -> None:
    assert {country for country, layout in BY_COUNTRY.items() if layout.folds} == set()
    marked, plain = (
        cropped(ink_on(data_of(written(), mailroom(country))), 0, 0, 10, 297)
        for country in ("DE", "GB")
    )
    _, top, _, bottom = in_millimetres(marked.getbbox())

    assert (top, bottom) == pytest.approx((105, 210), abs=0.5)
    assert plain.getbbox() is None
