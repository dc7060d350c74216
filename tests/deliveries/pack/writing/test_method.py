"""The statement of method: twelve points with true figures, and what was not measured."""

from dataclasses import replace
from typing import Any

import pytest

from petition.core.i18n import LANGUAGES
from petition.core.version import VERSION
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.writing.figures import Figures
from petition.deliveries.pack.writing.method import Known, method, points
from petition.holds.models import HoldCause
from tests.deliveries.pack.writing.subjects import COUNTED, CUT_OFF, DAY, about, longest
from tests.grounds.papers import MISSING, open_paper, words_of

FIGURES = Figures(12, 1_890, 45, 17, 3, 8, {HoldCause.NETWORK: 40, HoldCause.TOO_FAST: 2})


def known(language: str = "en", **changes: Any) -> Known:
    """Return what a statement is made of."""
    made = Known(about(language), COUNTED, FIGURES, CUT_OFF, DAY, f"petition {VERSION}")
    return replace(made, **changes)


def test_it_has_twelve_points_with_the_figures_that_there_are() -> None:
    made = points(known())
    rows = {label: value for point in made for label, value in point.rows}

    assert len(made) == 12
    assert rows["Begun, and never confirmed: deleted"] == "1,890"
    assert rows["Struck as not genuine"] == "3"
    assert rows["Held: many from one network"] == "40"
    assert rows["Held: sent as programs do"] == "2"
    assert rows["Held: many from one small mail domain"] == "0"
    assert (rows["In this pack"], rows["Rows in the tree"]) == ("1,234", "1,234")
    assert rows["Confirmed before"] == "1 December 2026, 00:00:00 UTC"
    assert rows["texts/fr-1.txt"] == "34"
    assert rows["Usual size: 500 rows or three per cent, whichever is more"] == "500"


def test_what_is_not_measured_is_said() -> None:
    said = " ".join(words for point in points(known()) for words in point.words)

    assert said.count("not measured") == 4
    assert "is not known" in said
    assert "A mailbox is not a person" in said


def test_it_says_what_people_were_told_and_speaks_of_areas_where_there_are_any() -> None:
    counts = points(known(about=about(tier=Tier.COUNTS, asks_for_areas=True)))
    said = " ".join(words for point in counts for words in point.words)

    assert "nobody’s name" in said
    assert "The pack counts its area and does not hold it." in said
    assert "postcode" not in " ".join(words for point in points(known()) for words in point.words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_set_in_each_language_and_the_same_makes_the_same_bytes(language: str) -> None:
    statement = b"".join(method(known(about=longest(language)))())

    assert MISSING not in words_of(statement)
    assert COUNTED.tree.root[:8] in words_of(statement)
    if language == "en":
        assert statement == b"".join(method(known(about=longest(language)))())
        for number in range(1, 13):
            assert f"{number}. " in words_of(statement)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru"])
def test_the_figures_of_a_point_are_on_one_page_with_its_title(language: str) -> None:
    subject = known(language)
    pages = [flat(page.extract_text()) for page in open_paper(b"".join(method(subject)())).pages]

    for point in points(subject):
        parts = [flat(part) for part in (point.title, *(label for label, _ in point.rows))]
        assert any(all(part in page for part in parts) for page in pages), point.title


def flat(words: str) -> str:
    """Return words without what their lines make of them."""
    return "".join(words.split())


def test_among_arabic_words_what_reads_from_left_to_right_is_kept_together() -> None:
    _claim, texts, *_ = points(known("ar"))

    assert "\N{LEFT-TO-RIGHT ISOLATE}2026-W45\N{POP DIRECTIONAL ISOLATE}" in texts.words[1]
    assert points(known("ar"))[7].rows[0][1].startswith("1 ديسمبر 2026، ")
