"""A PDF bound of parts as they come, in constant memory: of what has left only its place is kept.

`pypdf.PdfWriter` holds every page until the last has come. Here pypdf reads a part and writes its
objects, which leave at once under numbers of their own. What is ours is the order in which they
stand (ISO 32000-1, 7.5): the objects, where each of them begins, and the trailer. Of a part its
pages are taken with what they need, and nothing that is said of it as a whole, such as when it was
made: the same parts make the same bytes.
"""

from collections import deque
from collections.abc import Callable
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOGUE, PAGES, ABOUT = 1, 2, 3
"""The numbers of what is written last."""
PARENT = NameObject("/Parent")


class Binding:
    """A PDF that is being bound: begin it, add parts, end it; each returns what follows."""

    def __init__(self, title: str, language: str, direction: str) -> None:
        self._title, self._language, self._direction = title, language, direction
        self._places = [0] * ABOUT
        """Where each object begins, that of number 1 first."""
        self._size = 0
        self._parts: list[IndirectObject] = []
        self._page_count = 0

    def begin(self) -> bytes:
        """Return the head of the file."""
        return self._placed(HEADER)

    def add(self, part: bytes) -> bytes:
        """Return the pages of another PDF as they stand in this one.

        Raises pypdf.errors.PyPdfError.
        """
        reader = PdfReader(BytesIO(part))
        root = reader.root_object.raw_get("/Pages").idnum
        numbers: dict[int, int] = {}
        waiting: deque[int] = deque()

        def number_of(old: int) -> int:
            if old not in numbers:
                self._places.append(0)
                numbers[old] = len(self._places)
                waiting.append(old)
            return numbers[old]

        self._parts.append(_reference(number_of(root)))
        self._page_count += reader.get_num_pages()
        written = []
        while waiting:
            old = waiting.popleft()
            found = _renumbered(reader.get_object(old), number_of)
            if old == root and isinstance(found, DictionaryObject):
                found[PARENT] = _reference(PAGES)
            written.append(self._object(numbers[old], found))
        return b"".join(written)

    def end(self) -> bytes:
        """Return what binds the parts: the list of their pages, where all stands, the trailer."""
        pages = _dictionary(
            Type=NameObject("/Pages"),
            Kids=ArrayObject(self._parts),
            Count=NumberObject(self._page_count),
        )
        about = _dictionary(Title=TextStringObject(self._title))
        last = ((PAGES, pages), (ABOUT, about), (CATALOGUE, self._catalogue()))
        return b"".join(self._object(number, one) for number, one in last) + self._trailer()

    def _catalogue(self) -> DictionaryObject:
        reads = NameObject("/R2L" if self._direction == "rtl" else "/L2R")
        return _dictionary(
            Type=NameObject("/Catalog"),
            Pages=_reference(PAGES),
            Lang=TextStringObject(self._language),
            ViewerPreferences=_dictionary(DisplayDocTitle=BooleanObject(True), Direction=reads),
        )

    def _trailer(self) -> bytes:
        count = len(self._places) + 1
        table = b"".join(b"%010d 00000 n \n" % place for place in self._places)
        trailer = _dictionary(
            Size=NumberObject(count), Root=_reference(CATALOGUE), Info=_reference(ABOUT)
        )
        return b"".join(
            (
                b"xref\n0 %d\n0000000000 65535 f \n" % count,
                table,
                b"trailer\n" + _bytes_of(trailer),
                b"\nstartxref\n%d\n%%%%EOF\n" % self._size,
            )
        )

    def _object(self, number: int, value: PdfObject) -> bytes:
        self._places[number - 1] = self._size
        return self._placed(b"%d 0 obj\n%b\nendobj\n" % (number, _bytes_of(value)))

    def _placed(self, written: bytes) -> bytes:
        self._size += len(written)
        return written


def _renumbered(value: PdfObject | None, number_of: Callable[[int], int]) -> PdfObject:
    """Return an object that names others by their new numbers; it may be the old one, changed."""
    if value is None:
        raise TypeError("a PDF names an object that it has not")
    if isinstance(value, IndirectObject):
        return _reference(number_of(value.idnum))
    if isinstance(value, ArrayObject):
        return ArrayObject(_renumbered(one, number_of) for one in list.__iter__(value))
    if isinstance(value, DictionaryObject):
        for key in value:
            value[key] = _renumbered(value.raw_get(key), number_of)
    return value


def _dictionary(**values: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})


def _reference(number: int) -> IndirectObject:
    return IndirectObject(number, 0, None)


def _bytes_of(value: PdfObject) -> bytes:
    stream = BytesIO()
    value.write_to_stream(stream)
    return stream.getvalue()
