"""Blank sheets for a parliament: its form of words, the request on each, and nothing else."""

import pytest

from petition.deliveries.pack.manifest import Profile
from petition.deliveries.pack.models import OwnWords
from petition.deliveries.pack.writing.blanks import MOST_ROWS, WORDINGS, blank_data, blank_sheets
from petition.deliveries.pack.writing.names import FURTHER_SHEET, TOP_SHEET
from petition.deliveries.pack.writing.profiles import LANGUAGES_OF_SHEETS
from tests.deliveries.pack.writing.subjects import about
from tests.grounds.papers import POINTS, open_paper, words_of

OWN = OwnWords(declares="money is\nhidden.", requests="act on it.")
LONG = OwnWords(declares="Wide words " * 72, requests="Wide words " * 36)


def papers(profile: Profile, language: str = "en", own: OwnWords = OWN) -> dict[str, bytes]:
    """Return the blank sheets."""
    subject = about(language, profile=profile, own=own)
    return {name: b"".join(pieces()) for name, pieces in blank_sheets(subject).items()}


def test_a_minister_gets_none() -> None:
    assert papers(Profile.MINISTER) == {}


def test_those_for_london_have_the_words_of_the_house_in_their_order() -> None:
    made = papers(Profile.UK_PAPER, "ar")
    top, further = words_of(made[TOP_SHEET]), words_of(made[FURTHER_SHEET])

    assert top.startswith(
        "To the House of Commons. The petition of residents of the United Kingdom, Declares that "
        "money is hidden. The petitioners therefore request that the House of Commons act on it. "
        "And the petitioners remain, etc."
    )
    assert "request that the House of Commons act on it." in further
    assert "Declares" not in further
    for part in ("Sample Coalition", "example.org", "Close the gap", "Foreign Secretary"):
        assert part not in top + further


def test_those_for_ottawa_are_on_letter_paper_in_english_or_french() -> None:
    [page] = open_paper(papers(Profile.CANADA_PAPER)[FURTHER_SHEET]).pages
    assert (page.mediabox.width, page.mediabox.height) == pytest.approx(POINTS["letter"])
    french = words_of(papers(Profile.CANADA_PAPER, "fr")[TOP_SHEET])

    assert "À la Chambre des communes réunie en Parlement" in french
    assert "soussignés" in french


def test_those_for_the_european_parliament_ask_for_the_permanent_address() -> None:
    top = words_of(papers(Profile.EUROPEAN_PARLIAMENT)[TOP_SHEET])

    assert "Permanent address" in top
    assert "Representative of the petitioners" in top


def test_each_house_has_words_in_each_of_its_languages() -> None:
    assert WORDINGS.keys() == {
        (profile, one) for profile, languages in LANGUAGES_OF_SHEETS.items() for one in languages
    }


@pytest.mark.parametrize("profile", LANGUAGES_OF_SHEETS)
def test_long_words_leave_room_for_some_lines_on_one_page(profile: Profile) -> None:
    made = papers(profile, own=LONG)

    assert [len(open_paper(file).pages) for file in made.values()] == [1, 1]
    assert made == papers(profile, own=LONG)
    assert blank_data(about(profile=profile), is_top=True)["rows"] == MOST_ROWS
