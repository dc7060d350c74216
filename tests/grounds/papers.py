"""Reads typeset papers: their words, fonts and sizes."""

import io
from collections.abc import Iterable

import pypdf

POINTS = {"a4": (595.276, 841.89), "letter": (612.0, 792.0)}
MISSING = "\x00"
"""What stands in the words of a paper where its fonts have no glyph."""


def open_paper(file: bytes) -> pypdf.PdfReader:
    """Return a PDF to read."""
    return pypdf.PdfReader(io.BytesIO(file))


def words_of(file: bytes) -> str:
    """Return all words of a PDF, spaced evenly."""
    return " ".join(" ".join(page.extract_text() for page in open_paper(file).pages).split())


def fonts_of(file: bytes) -> set[str]:
    """Return the names of the fonts in a PDF, without the marks of their subsets."""
    found = set()
    for page in open_paper(file).pages:
        fonts = page["/Resources"].get_object()["/Font"]  # type: ignore[index]
        found |= {str(font.get_object()["/BaseFont"]) for font in fonts.get_object().values()}
    return {name.partition("+")[2] for name in found}


def stand_in_order(needles: Iterable[str], text: str) -> list[str]:
    """Return those of the needles that do not stand in the text after the one before."""
    missing, at = [], 0
    for needle in needles:
        found = text.find(needle, at)
        if found < 0:
            missing.append(needle)
        else:
            at = found + len(needle)
    return missing
