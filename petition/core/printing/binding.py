"""A PDF bound of parts as they come, in constant memory: of what has left only its place is kept.

A part is a PDF as typst sets it: its objects stand one by one behind a table that says where, and
none inside another. They leave as they are, under numbers of their own. What is ours is the order
in which they stand (ISO 32000-1, 7.5): the objects, where each of them begins, and the trailer. Of
a part its pages are taken with what they need, and nothing that is said of it as a whole, such as
when it was made: the same parts make the same bytes.
"""

import re
from collections import deque
from collections.abc import Callable
from itertools import pairwise

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOGUE, PAGES, ABOUT = 1, 2, 3
"""The numbers of what is written last."""

_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_PLACE = re.compile(rb"(\d{10}) \d{5} ([nf])")
_OBJECT = re.compile(rb"\s*(\d+) 0 obj\s*(.*?)\s*endobj\s*\Z", re.DOTALL)
_STREAM = re.compile(rb">>\s*stream\r?\n")
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_PAGES = re.compile(rb"/Pages (\d+) 0 R")
_COUNT = re.compile(rb"/Count (\d+)")
_REFERENCE = re.compile(rb"\\.|[()]|<[0-9A-Fa-f\s]*>|\b(\d+) 0 R\b", re.DOTALL)
"""What names another object, and the brackets of texts, which may look so: there it names none."""


class NotBound(ValueError):
    """What should be a part is no PDF, or none that is written as typst writes them."""


class Binding:
    """A PDF that is being bound: begin it, add parts, end it; each returns what follows."""

    def __init__(self, title: str, language: str, direction: str) -> None:
        self._title, self._language, self._direction = title, language, direction
        self._places = [0] * ABOUT
        """Where each object begins, that of number 1 first."""
        self._size = 0
        self._parts: list[int] = []
        self._page_count = 0

    def begin(self) -> bytes:
        """Return the head of the file."""
        return self._placed(HEADER)

    def add(self, part: bytes) -> bytes:
        """Return the pages of another PDF as they stand in this one. Raises NotBound."""
        objects, root = _opened(part)
        numbers: dict[int, int] = {}
        waiting: deque[int] = deque()

        def number_of(old: int) -> int:
            if old not in numbers:
                self._places.append(0)
                numbers[old] = len(self._places)
                waiting.append(old)
            return numbers[old]

        self._parts.append(number_of(root))
        self._page_count += int(_found(_COUNT, objects.get(root, b"")))
        written = []
        while waiting:
            old = waiting.popleft()
            if old not in objects:
                raise NotBound("a PDF names an object that it has not")
            found = _renumbered(objects[old], number_of)
            if old == root:
                found = found.replace(b"<<", b"<</Parent %d 0 R" % PAGES, 1)
            written.append(self._object(numbers[old], found))
        return b"".join(written)

    def end(self) -> bytes:
        """Return what binds the parts: the list of their pages, where all stands, the trailer."""
        kids = b" ".join(b"%d 0 R" % part for part in self._parts)
        pages = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, self._page_count)
        about = b"<</Title%b>>" % _text(self._title)
        last = ((PAGES, pages), (ABOUT, about), (CATALOGUE, self._catalogue()))
        return b"".join(self._object(number, one) for number, one in last) + self._trailer()

    def _catalogue(self) -> bytes:
        reads = b"/R2L" if self._direction == "rtl" else b"/L2R"
        shown = b"<</DisplayDocTitle true/Direction%b>>" % reads
        return b"<</Type/Catalog/Pages %d 0 R/Lang%b/ViewerPreferences%b>>" % (
            PAGES,
            _text(self._language),
            shown,
        )

    def _trailer(self) -> bytes:
        count = len(self._places) + 1
        table = b"".join(b"%010d 00000 n \n" % place for place in self._places)
        return b"".join(
            (
                b"xref\n0 %d\n0000000000 65535 f \n" % count,
                table,
                b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>" % (count, CATALOGUE, ABOUT),
                b"\nstartxref\n%d\n%%%%EOF\n" % self._size,
            )
        )

    def _object(self, number: int, value: bytes) -> bytes:
        self._places[number - 1] = self._size
        return self._placed(b"%d 0 obj\n%b\nendobj\n" % (number, value))

    def _placed(self, written: bytes) -> bytes:
        self._size += len(written)
        return written


def _opened(part: bytes) -> tuple[dict[int, bytes], int]:
    """Return the objects of a PDF by their numbers, and which of them lists its pages."""
    table = int(_found(_TABLE, part))
    used = [int(place) for place, kind in _PLACE.findall(part, table) if kind == b"n"]
    objects = {}
    for start, end in pairwise([*sorted(used), table]):
        one = _OBJECT.match(part, start, end)
        if one is None:
            raise NotBound("an object of a PDF is not where its table says")
        objects[int(one[1])] = one[2]
    catalogue = objects.get(int(_found(_ROOT, part[table:])), b"")
    return objects, int(_found(_PAGES, catalogue))


def _found(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    """Return what a pattern finds. Raises NotBound."""
    found = pattern.search(text)
    if found is None:
        raise NotBound("this is no PDF as typst writes them")
    return found[1]


def _renumbered(value: bytes, number_of: Callable[[int], int]) -> bytes:
    """Return an object that names others by their new numbers; what streams is left as it is."""
    depth = 0

    def renamed(found: re.Match[bytes]) -> bytes:
        nonlocal depth
        depth += (found[0] == b"(") - (found[0] == b")")
        if depth < 0:
            raise NotBound("a bracket of a PDF has no other")
        return b"%d 0 R" % number_of(int(found[1])) if found[1] and not depth else found[0]

    stream = _STREAM.search(value)
    named = len(value) if stream is None else stream.end()
    written = _REFERENCE.sub(renamed, value[:named])
    if depth:
        raise NotBound("a bracket of a PDF has no other")
    return written + value[named:]


def _text(text: str) -> bytes:
    """Return a text as it stands in a PDF, whatever is in it."""
    return b"<%b>" % (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper().encode()
