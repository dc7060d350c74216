"""A PDF written anew: its pages, and nothing that runs, opens, leads away or lies beside them."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from petition.core.uploads import jpegs
from petition.core.uploads.faults import Fault, Unclean

MOST_PAGES = 200
MOST_OBJECTS = 100_000
MOST_OCTETS = 15_000_000
"""Of what comes out: what was packed in the file is not packed as tightly any more."""
FORBIDDEN_KEYS = frozenset(
    f"/{name}" for name in ("JS", "JavaScript", "EF", "EmbeddedFiles", "XFA", "RichMediaContent")
)
"""Programs, other files, and forms that are programs (ISO 32000-2, 7.11 and 12.6)."""
FORBIDDEN_ACTIONS = frozenset(
    f"/{name}"
    for name in (
        *("JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition"),
        *("Movie", "Sound", "RichMediaExecute"),
    )
)
FORBIDDEN_TYPES = frozenset(
    f"/{name}"
    for name in ("EmbeddedFile", "FileAttachment", "RichMedia", "Movie", "Sound", "Screen", "3D")
)
OF_A_PAGE = frozenset(
    f"/{name}"
    for name in (
        *("Type", "MediaBox", "CropBox", "Rotate", "UserUnit", "Resources", "Contents", "Group"),
        *("Annots", "Parent"),
    )
)
"""What a page needs to be seen."""
OF_A_STAMP = tuple(f"/{name}" for name in ("Rect", "F", "AP", "AS"))
NOTED = ("/Metadata", "/PieceInfo", "/LastModified")
"""What programs write beside a picture or a form: who, when, where (ISO 32000-2, 14.3 and 14.5)."""
JPEG = "/DCTDecode"


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF that has been written anew."""

    content: bytes
    pages: int


def rewritten(octets: bytes) -> Paper:
    """Return the pages of a PDF in a file of their own. Raises Unclean, or what pypdf raises."""
    reader = _opened(octets)
    if len(reader.pages) > MOST_PAGES:
        raise Unclean(Fault.TOO_MANY_PAGES)
    _refuse_what_acts(reader)
    for one in _dictionaries(reader.trailer):  # before: what nothing leads to is not copied
        _forget_notes(one)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(_bare(page))
    writer.metadata = None
    stream = io.BytesIO()
    writer.write(stream)
    if stream.tell() > MOST_OCTETS:
        raise Unclean(Fault.TOO_MUCH_WORK)
    again = _opened(stream.getvalue())
    _refuse_what_acts(again)
    return Paper(stream.getvalue(), len(again.pages))


def _opened(octets: bytes) -> PdfReader:
    """Return a PDF with a page at least; one that is only locked against changes opens too."""
    reader = PdfReader(io.BytesIO(octets))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unclean(Fault.LOCKED)
    if not reader.pages:
        raise Unclean(Fault.BROKEN)
    return reader


def _refuse_what_acts(reader: PdfReader) -> None:
    for one in _dictionaries(reader.trailer):
        kinds = {str(one[name]) for name in ("/Type", "/Subtype") if name in one}
        is_active = (
            not FORBIDDEN_KEYS.isdisjoint(one.keys())
            or not FORBIDDEN_TYPES.isdisjoint(kinds)
            or ("/S" in one and str(one["/S"]) in FORBIDDEN_ACTIONS)
        )
        if is_active:
            raise Unclean(Fault.ACTIVE)


def _dictionaries(start: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield every dictionary that one can come to. Raises Unclean where they are endless."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [start]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            name = (one.idnum, one.generation)
            if name in seen:
                continue
            seen.add(name)
            if len(seen) > MOST_OBJECTS:
                raise Unclean(Fault.TOO_MUCH_WORK)
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            yield one
            waiting.extend(dict.values(one))
        elif isinstance(one, ArrayObject):
            waiting.extend(list.__iter__(one))


def _forget_notes(one: DictionaryObject) -> None:
    """Leave out what was written beside a picture, in the PDF and in a JPEG that lies in it."""
    for key in NOTED:
        if key in one:
            del one[key]
    filters = one.get("/Filter") if isinstance(one, StreamObject) else None
    names = [filters] if isinstance(filters, str) else list(filters or ())
    if isinstance(one, StreamObject) and names and names[-1] == JPEG:
        _unpack_to(one, names)
        one._data = jpegs.bare(one._data)


def _unpack_to(one: StreamObject, filters: list[Any]) -> None:
    """Undo what was done to a JPEG when it was put into a PDF, so that it lies there as it is."""
    if len(filters) == 1:
        return
    given = one.get("/DecodeParms")
    params = list(given) if isinstance(given, ArrayObject) else [given]
    packed = EncodedStreamObject()
    packed._data = one._data
    packed[NameObject("/Filter")] = ArrayObject(filters[:-1])
    if any(params[:-1]):
        packed[NameObject("/DecodeParms")] = ArrayObject(params[:-1])
    one._data = packed.get_data()
    one[NameObject("/Filter")] = NameObject(JPEG)
    if "/DecodeParms" in one:
        del one["/DecodeParms"]
    if len(params) == len(filters) and params[-1]:
        one[NameObject("/DecodeParms")] = params[-1]


def _bare(page: PageObject) -> PageObject:
    """Return a page as it is seen, the stamps and signatures on it too; its links lead nowhere."""
    stamps = _stamps(page)
    for key in [key for key in page if key not in OF_A_PAGE]:
        del page[key]
    if stamps:
        page[NameObject("/Annots")] = stamps
    elif "/Annots" in page:
        del page["/Annots"]
    return page


def _stamps(page: PageObject) -> ArrayObject:
    """Return what is drawn over a page: of each note its looks and its place, and no more."""
    stamps = ArrayObject()
    for one in page.get("/Annots") or ():
        note = one.get_object()
        if not isinstance(note, DictionaryObject) or "/AP" not in note or "/Rect" not in note:
            continue
        stamp = DictionaryObject({NameObject("/Type"): NameObject("/Annot")})
        stamp[NameObject("/Subtype")] = NameObject("/Stamp")
        for key in OF_A_STAMP:
            if key in note:
                stamp[NameObject(key)] = note.raw_get(key)
        stamps.append(stamp)
    return stamps
