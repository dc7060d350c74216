"""Stylesheets read in both directions, and fetch nothing."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import named, stylesheets

SIDES = "left|right|top|bottom"
PHYSICAL = re.compile(
    rf"""(?:^|[{{;\s])(
        (?:margin|padding|border|scroll-margin|scroll-padding)-(?:{SIDES})(?:-[a-z]+)?\s*:
        | border-(?:top|bottom)-(?:left|right)-radius\s*:
        | (?:{SIDES})\s*:
        | (?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b
    )""",
    re.VERBOSE,
)
LOADS = re.compile(r"@import[^;]*|url\(\s*['\"]?(?:https?:)?//[^)]*\)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def physical(source: str) -> Iterator[str]:
    """Yield each declaration that names a side of the screen instead of one of the text."""
    for match in PHYSICAL.finditer(COMMENT.sub("", source)):
        yield match.group(1)


def loads(source: str) -> Iterator[str]:
    """Yield what a stylesheet would fetch from another host or in a second step."""
    yield from LOADS.findall(COMMENT.sub("", source))


def test_stylesheets_read_in_both_directions() -> None:
    found = [
        f"{named(path)}: {what}"
        for path in stylesheets()
        for what in physical(path.read_text("utf-8"))
    ]

    assert found == []


def test_stylesheets_fetch_nothing() -> None:
    found = [
        f"{named(path)}: {what}"
        for path in stylesheets()
        for what in loads(path.read_text("utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    "declaration",
    [
        "margin-left: 1rem",
        "padding-right:0",
        "border-left-color: red",
        "border-top-left-radius: 2px",
        "left: 0",
        "text-align: right",
        "float: left",
    ],
)
def test_a_side_of_the_screen_is_seen(declaration: str) -> None:
    assert list(physical(f"p {{ color: red; {declaration}; }}")) != []
    assert list(physical(f"p {{{declaration}}}")) != []


@pytest.mark.parametrize(
    "declaration",
    [
        "margin-inline-start: 1rem",
        "inset-block-start: 0",
        "border-start-start-radius: 2px",
        "text-align: start",
        "transform-origin: left",
        "--gutter-left: 0",
        "/* left: 0 */",
    ],
)
def test_a_side_of_the_text_passes(declaration: str) -> None:
    assert list(physical(f"p {{ color: red; {declaration}; }}")) == []


def test_a_fetch_is_seen() -> None:
    assert list(loads("@import 'other.css';")) != []
    assert list(loads("p { background: url(https://cdn.example.org/a.png) }")) != []
    assert list(loads("p { background: url(../img/a.svg) }")) == []
