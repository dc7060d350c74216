"""What kind of file this is, by how it begins and ends; one that is two at once is none of ours.

A polyglot is a file that two programs read as different things: a picture that is also an archive
or a page with a script. A reader who trusts it as the one may be given it as the other.
"""

import io
import re
import zipfile
from enum import StrEnum

from petition.core.uploads.faults import Fault, Unclean


class Brought(StrEnum):
    """The kinds that are taken."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


PDF_BEGINS = b"%PDF-"
PDF_ENDS = b"%%EOF"
MAGIC = {Brought.PDF: PDF_BEGINS, Brought.JPEG: b"\xff\xd8\xff", Brought.PNG: b"\x89PNG\r\n\x1a\n"}
PNG_ENDS = b"IEND\xaeB`\x82"
PADDING = b"\0\t\n\r \x1a"
"""What printers and old disks leave behind the end of a file."""
READERS_SEARCH = 1024
"""So far into a file readers of PDF look for its beginning (ISO 32000-1, annex H, note 13), and
browsers for a page."""
_markup = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php)\b", re.IGNORECASE)


def kind_of(octets: bytes) -> Brought:
    """Return what a file is. Raises Unclean where it is none of ours, or could be two things."""
    kind = next((one for one, magic in MAGIC.items() if octets.startswith(magic)), None)
    if kind is None:
        is_hidden = PDF_BEGINS in octets[:READERS_SEARCH]
        raise Unclean(Fault.TWO_KINDS if is_hidden else Fault.NO_KIND)
    if _is_something_else_too(octets, kind):
        raise Unclean(Fault.TWO_KINDS)
    return kind


def _is_something_else_too(octets: bytes, kind: Brought) -> bool:
    if zipfile.is_zipfile(io.BytesIO(octets)):
        return True
    if kind is Brought.PDF:  # its pages may say anything, its head may not
        ends = octets.rstrip(PADDING).endswith(PDF_ENDS)
        return not ends or _markup.search(octets, 0, READERS_SEARCH) is not None
    if kind is Brought.PNG and not octets.rstrip(PADDING).endswith(PNG_ENDS):
        return True
    # behind a JPEG's end phones leave films and depths: what is drawn anew has none of that
    return PDF_BEGINS in octets or _markup.search(octets) is not None
