"""A JPEG as it lies in a PDF, without what a camera or a program wrote beside the picture.

It is not drawn anew: what is seen of it stays as it is, to the last bit.
"""

import re

from petition.core.uploads.faults import Fault, Unclean

BEGINS, ENDS = b"\xff\xd8", b"\xff\xd9"
NOTES = {*range(0xE0, 0xF0), 0xFE}
"""What programs write for themselves: APP0 to APP15, and comments (ITU-T T.81, table B.1)."""
SAYS_HOW = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Those of them that say how the picture is to be shown."""
END = 0xD9
_marker = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])", re.DOTALL)


def bare(octets: bytes) -> bytes:
    """Return a JPEG without place, camera, thumbnail and comments, and nothing behind its end.

    Raises Unclean where it is none.
    """
    if not octets.startswith(BEGINS):
        raise Unclean(Fault.BROKEN)
    kept, at = [BEGINS], len(BEGINS)
    while found := _marker.search(octets, at):
        kept.append(octets[at : found.start()])  # of a scan; elsewhere nothing is between them
        kind, start = found[1][0], found.end()
        if kind == END:
            break
        at = start + max(int.from_bytes(octets[start : start + 2]), 2)
        if kind not in NOTES or _says_how(kind, octets[start + 2 : at]):
            kept.append(bytes([0xFF, kind]) + octets[start:at])
    else:
        kept.append(octets[at:])  # scanners forget the end
    return b"".join([*kept, ENDS])


def _says_how(kind: int, note: bytes) -> bool:
    return kind in SAYS_HOW and note.startswith(SAYS_HOW[kind])
