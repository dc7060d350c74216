"""The form of receipt: one page that says what was received, and that no more is said by it."""

import pytest

from petition.core.i18n import LANGUAGES
from petition.deliveries.pack.writing.cover import grouped
from petition.deliveries.pack.writing.receipt import receipt
from tests.deliveries.pack.writing.subjects import COUNTED, CUT_OFF, DAY, ROOT, about, longest
from tests.grounds.papers import MISSING, open_paper, words_of


def test_it_names_what_was_received_and_leaves_room_to_sign() -> None:
    said = words_of(b"".join(receipt(about(), COUNTED, CUT_OFF, DAY)()))

    for part in (
        *("Receipt", "Close the gap", "Sample Coalition", "Foreign Secretary", "1,234"),
        *("30 November 2026 (UTC)", *grouped(ROOT), about().key.shown_id),
        *("Name", "Date", "Signature or stamp", "not that it was checked", "contact@example.org"),
    ):
        assert part in said, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_page_in_each_language(language: str) -> None:
    form = b"".join(receipt(longest(language), COUNTED, CUT_OFF, DAY)())

    assert len(open_paper(form).pages) == 1
    assert MISSING not in words_of(form)
