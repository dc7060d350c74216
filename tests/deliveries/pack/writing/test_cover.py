"""The letter on top of a pack: one page in the language of the office, with root and key."""

import pytest

from petition.core.i18n import LANGUAGES
from petition.deliveries.pack.manifest import Profile
from petition.deliveries.pack.models import OwnWords
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.writing.cover import cover_data, cover_letter, grouped
from petition.deliveries.pack.writing.names import METHOD, RECEIPT, SHEETS
from petition.deliveries.pack.writing.profiles import what_it_is
from petition.deliveries.pack.writing.tables import TABLE
from tests.deliveries.pack.writing.subjects import COUNTED, CUT_OFF, DAY, ROOT, about, longest
from tests.grounds.papers import MISSING, open_paper, words_of

FILES = (TABLE, METHOD, RECEIPT, SHEETS)


def test_it_says_who_hands_what_to_whom_and_how_to_check_it() -> None:
    subject = about(own=OwnWords("We met in May.\n\nWe will come again."))
    letter = b"".join(cover_letter(subject, COUNTED, CUT_OFF, DAY, FILES)())
    said = words_of(letter)

    for part in (
        *("Sample Coalition", "contact@example.org", "1 Sample Street", "1 December 2026"),
        *("Close the gap", "Dear Foreign Secretary,", "1,234 signatures", "30 November 2026"),
        *("We met in May.", "within 30 days", "evidence of support", METHOD, RECEIPT, TABLE),
        *("https://petition.example.org/en/deliveries/verify", "minisign -Vm manifest.json -P KEY"),
        *("python3 -m pip install cryptography", "python3 verify.py PACK.zip --key KEY"),
        *(subject.key.line, subject.key.shown_id, *grouped(ROOT), "Yours faithfully,"),
    ):
        assert part in said, part
    assert "reasons.csv" not in said
    assert open_paper(letter).pages[0].mediabox.width == pytest.approx(595.3, abs=0.1)


def test_the_same_content_makes_the_same_bytes() -> None:
    once, again = (
        b"".join(cover_letter(about(), COUNTED, CUT_OFF, DAY, FILES)()) for _ in range(2)
    )

    assert once == again


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_page_whatever_stands_in_it(language: str) -> None:
    letter = b"".join(cover_letter(longest(language), COUNTED, CUT_OFF, DAY, FILES)())

    assert len(open_paper(letter).pages) == 1
    assert MISSING not in words_of(letter)


def test_where_no_name_is_in_the_pack_it_says_so() -> None:
    [first, *_] = cover_data(about(tier=Tier.COUNTS), COUNTED, CUT_OFF, DAY, FILES)["body"]

    assert "nobody’s name" in first


@pytest.mark.parametrize("profile", list(Profile))
def test_each_body_reads_what_the_list_is_to_it(profile: Profile) -> None:
    body = cover_data(about(profile=profile), COUNTED, CUT_OFF, DAY, FILES)["body"]

    assert what_it_is(profile, str) in body
    assert "evidence of support" in what_it_is(profile, str)


def test_a_pack_of_a_day_that_is_not_over_names_the_moment() -> None:
    moment = CUT_OFF.replace(hour=9, minute=30)
    [first, *_] = cover_data(about(), COUNTED, moment, DAY, FILES)["body"]

    assert "1 December 2026, 09:30 (UTC)" in first


def test_a_root_is_shown_in_groups() -> None:
    assert grouped(ROOT) == ["01234567 89abcdef 01234567 89abcdef"] * 2
