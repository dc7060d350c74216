"""Which characters our papers can show: a table, made by `bin/glyphs` from every font at hand."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from unicodedata import category

TABLE = Path(__file__).parent / "glyphs.txt"
FONTS = (
    "typst",
    "fontpkg-ibm-plex-sans-arabic",
    "fontpkg-noto-sans",
    "fontpkg-noto-sans-arabic",
    "manimgx-fonts",
    "noto-cjk-sans-otc",
)
"""The packages that bring the fonts."""
NOT_SET = {"Cc", "Cf", "Zl", "Zp", "Zs"}
"""Kinds of characters that shape or part others, and show nothing themselves."""


def without_glyph(data: object) -> list[str]:
    """Return the characters in what a template is given that come out as empty boxes, each once."""
    found = dict.fromkeys("".join(_strings(data)))
    return [one for one in found if not has_glyph(one)]


def has_glyph(character: str) -> bool:
    """Whether some font can show a character, or nothing of it is to be seen."""
    if category(character) in NOT_SET:
        return True
    firsts, lasts = _runs()
    at = bisect_right(firsts, ord(character)) - 1
    return at >= 0 and ord(character) <= lasts[at]


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from _strings(value)


@lru_cache
def _runs() -> tuple[list[int], list[int]]:
    """Return the first and the last code point of each run of characters that have a glyph."""
    lines = TABLE.read_text("ascii").splitlines()
    runs = [line.split("-") for line in lines if not line.startswith("#")]
    return [int(first, 16) for first, _last in runs], [int(last, 16) for _first, last in runs]
