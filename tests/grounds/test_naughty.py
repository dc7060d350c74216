"""The reader of pages that hold what somebody typed sees what it must."""

import pytest

from tests.grounds.naughty import FRAGMENTS, foreign_markup, is_whole_page


@pytest.mark.parametrize(
    "page",
    [
        "<p><naughty>",
        "<input value='' naughty=1>",
        "<input value='' onfocus=x>",
        "<script>alert(1)</script>",
        "<a href=' JavaScript:alert(1)'>x</a>",
        "<html><body>x</body></html><script>alert(1)</script></body></html>",
    ],
)
def test_foreign_markup_is_seen(page: str) -> None:
    assert foreign_markup(page) != []


def test_markup_of_ours_is_not() -> None:
    page = "<p>&lt;naughty&gt;<input value='javascript:x'><script src='/x.js'></script>"

    assert foreign_markup(page) == []


def test_half_a_page_is_none() -> None:
    assert is_whole_page("<!doctype html>\n<html><h1>x</h1></html>")
    assert not is_whole_page("<!doctype html>\n<html><h1>x</h1>")


def test_no_fragment_is_given_twice() -> None:
    assert len(FRAGMENTS) == len(set(FRAGMENTS))


def test_the_fragments_hold_what_they_promise() -> None:
    assert set("\x00\x1b\u202e\u2066\u200b\u0301\ufeff=+-@＝<>😀\r\n\t") <= set("".join(FRAGMENTS))
    assert max(map(len, FRAGMENTS)) >= 20_000
