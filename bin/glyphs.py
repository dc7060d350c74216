"""Finds out which characters our papers can show, by setting every one of them."""

import io
import unicodedata
from collections.abc import Iterator
from importlib.metadata import version

import pypdf
import typst

from petition.core.printing.glyphs import FONTS, TABLE
from petition.core.printing.typesetting import font_folders

LAST = 0x323AF
"""The last ideograph of Unicode 15; beyond are tags and selectors, which show nothing."""
AT_ONCE = 256
MISSING = "\x00"
TOGETHER = b"""#set page(width: 100cm, height: auto)
#for one in json(bytes(sys.inputs.data)) { box(one); [ ] }"""
APART = b"""#set page(width: 5cm, height: 5cm)
#for one in json(bytes(sys.inputs.data)) { page(box(one)) }"""


def main() -> None:
    """Write the table anew."""
    compiler = typst.Compiler(font_paths=list(font_folders()), ignore_system_fonts=True)
    shown: list[int] = []
    for first in range(0, LAST + 1, AT_ONCE):
        codes = [code for code in range(first, first + AT_ONCE) if is_text(code)]
        shown += shown_of(compiler, codes)
    lines = [f"{first:04X}-{last:04X}" for first, last in runs(shown)]
    TABLE.write_text("\n".join([fonts(), *lines, ""]), "ascii")
    print(f"{len(shown)} characters in {len(lines)} runs")


def fonts() -> str:
    """Return the packages that the table speaks of, with their versions."""
    return "# " + " ".join(f"{package}=={version(package)}" for package in FONTS)


def is_text(code: int) -> bool:
    """Whether a code point may stand in a text: no control, no surrogate, nobody's own."""
    return code <= LAST and unicodedata.category(chr(code)) not in {"Cc", "Cs", "Co"}


def shown_of(compiler: typst.Compiler, codes: list[int]) -> list[int]:
    """Return those of the code points that have a glyph."""
    missing = sum(words.count(MISSING) for words in set_in(compiler, TOGETHER, codes))
    if not missing or missing == len(codes):
        return [] if missing else codes
    words = set_in(compiler, APART, codes)
    return [code for code, word in zip(codes, words, strict=True) if MISSING not in word]


def set_in(compiler: typst.Compiler, template: bytes, codes: list[int]) -> list[str]:
    """Return the words of each page of a template with these code points."""
    if not codes:
        return []
    data = "[" + ",".join(f'"{as_json(code)}"' for code in codes) + "]"
    made = compiler.compile(template, sys_inputs={"data": data}, format="pdf")
    assert isinstance(made, bytes)
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def as_json(code: int) -> str:
    """Return a code point as it stands in a JSON string."""
    return "".join(f"\\u{unit:04x}" for unit in units(code))


def units(code: int) -> Iterator[int]:
    """Yield the UTF-16 units of a code point."""
    octets = chr(code).encode("utf-16-be")
    return (int.from_bytes(octets[at : at + 2]) for at in range(0, len(octets), 2))


def runs(codes: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of neighbours."""
    first = last = codes[0]
    for code in codes[1:]:
        if code != last + 1:
            yield first, last
            first = code
        last = code
    yield first, last


if __name__ == "__main__":
    main()
