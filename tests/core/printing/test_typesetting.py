"""Typesetting: data is never markup, scripts have their glyphs, a fault tells nothing."""

import io
import json
import logging
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from PIL import Image

from petition.core.log import JsonLines, log
from petition.core.printing import typesetting
from petition.core.printing.typesetting import (
    PARTS_AT_ONCE,
    TypesettingFailed,
    typeset_parts,
    typeset_pdf,
    typeset_png,
)
from tests.grounds.papers import MISSING, fonts_of, words_of

HOSTILE = (
    "#panic()",
    '"; $x$ #',
    "*bold* _slanted_ `raw` <label> @label",
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    '[#eval("1")] \\ // /* https://example.org',
    "= Heading\n- list\n+ list",
    "<script>alert(1)</script>\"'",
)
TITLES = {
    "en": ("Use these sanctions against human trafficking", "LibertinusSerif"),
    "fr": ("Œuvrons : ces sanctions doivent servir dès aujourd’hui", "LibertinusSerif"),
    "ru": ("Примените эти санкции против торговли людьми", "LibertinusSerif"),
    "ar": ("استخدموا هذه العقوبات ضد الاتجار بالبشر 2026", "IBMPlexSansArabic"),
    "ja": ("人身取引に対して制裁を用いることを求めます", "NotoSansCJKjp"),
    "zh": ("对人口贩运使用这些制裁", "NotoSansCJKsc"),
    "ko": ("인신매매에 이 제재를 사용하십시오", "NotoSansCJKkr"),
}


def card(title: str, language: str = "en") -> dict[str, Any]:
    """Return what a card is made of."""
    direction = "rtl" if language == "ar" else "ltr"
    return {
        "site": "Test",
        "label": "Label",
        "address": "localhost",
        "lang": language,
        "dir": direction,
        "title": {"text": title, "lang": language, "dir": direction},
        "figure": "1,234",
        "words": "",
    }


@pytest.mark.parametrize("title", HOSTILE)
def test_what_looks_like_markup_is_set_as_text(title: str) -> None:
    shown = words_of(typeset_pdf("card.typ", card(title)))

    assert "".join(title.split()) in "".join(shown.split())


@pytest.mark.parametrize("language", TITLES)
def test_every_language_has_its_glyphs_from_our_own_fonts(language: str) -> None:
    title, font = TITLES[language]
    file = typeset_pdf("card.typ", card(title, language))

    assert MISSING not in words_of(file)
    assert any(name.startswith(font) for name in fonts_of(file))
    if language != "ar":  # joined letters come out in the order of their shapes
        assert "".join(title.split()) in "".join(words_of(file).split())


def test_a_glyph_that_no_font_has_would_be_seen() -> None:
    assert MISSING in words_of(typeset_pdf("card.typ", card("བཀྲ་ཤིས")))


@pytest.mark.parametrize(
    "title", ["One", "W" * 200, "word " * 40, "制裁を" * 66, "м" * 200, "عقوبات " * 28]
)
def test_a_title_of_any_length_stays_within_the_sheet(title: str) -> None:
    language = "ar" if title.startswith("ع") else "ja" if title.startswith("制") else "en"
    picture = Image.open(io.BytesIO(typeset_png("card.typ", card(title, language)))).convert("RGB")

    assert picture.size == (1200, 630)
    sheet = picture.crop((52, 90, 1148, 478))
    margins = [sheet.crop((0, 80, 26, 388)), sheet.crop((1070, 80, 1096, 388))]
    assert {len(margin.getcolors() or []) for margin in margins} == {1}
    assert len(sheet.crop((26, 100, 1070, 386)).getcolors(100_000) or []) > 2
    assert len(sheet.crop((0, 374, 1096, 388)).getcolors(100_000) or []) == 1


def test_a_summary_stands_on_the_card_only_where_there_is_room() -> None:
    short, long = card("Short"), card("A long title " * 15)
    for made in (short, long):
        made["title"]["summary"] = "What it is about. " * 5

    assert "What it is about." in words_of(typeset_pdf("card.typ", short))
    assert "What it is about." not in words_of(typeset_pdf("card.typ", long))


@pytest.mark.parametrize("title", ["", "W" * 5_000, "word " * 1_000])
def test_a_title_that_cannot_fit_is_no_fault(title: str) -> None:
    assert typeset_png("card.typ", card(title)).startswith(b"\x89PNG")


def test_a_fault_is_named_by_its_place_and_tells_nothing_of_the_data(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "propagate", True)
    with caplog.at_level(logging.ERROR), pytest.raises(TypesettingFailed) as failed:
        typeset_pdf("card.typ", {"secret": "nadia@example.org"})

    (record,) = caplog.records
    line = JsonLines().format(record)
    assert "nadia" not in line + str(failed.value)
    assert any(place.startswith("card.typ:") for place in json.loads(line)["at"])


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "LONGEST_SECONDS", 0.01)

    with pytest.raises(TypesettingFailed):
        typeset_png("card.typ", card("A title that no other test sets"))


def test_parts_come_in_their_order_and_no_more_data_is_asked_for_than_is_set_soon() -> None:
    asked = count(1)

    def cards() -> Iterator[dict[str, Any]]:
        for number in asked:
            yield card(f"Part {number}")

    parts = typeset_parts("card.typ", cards())
    titles = [words_of(next(parts)) for _ in range(3)]
    parts.close()  # type: ignore[attr-defined]

    assert [f"Part {number}" in title for number, title in enumerate(titles, 1)] == [True] * 3
    assert next(asked) == len(titles) + PARTS_AT_ONCE + 1


def test_a_part_that_cannot_be_set_ends_the_file() -> None:
    parts = typeset_parts("card.typ", [card("Part 1"), {"no": "card"}, card("Part 3")])

    assert "Part 1" in words_of(next(parts))
    with pytest.raises(TypesettingFailed):
        next(parts)
