"""ZIPs that say what is not so, or have more than they say."""

import struct
from dataclasses import replace

from tests.deliveries.pack.packs import packed, unpacked
from tests.deliveries.pack.zips import Entry, changed, entries_of, summed_after, zip_of

FILES = unpacked(packed())
EACH, NAME = entries_of(FILES), "cover.pdf"
[COVER] = [one for one in EACH if one.name == NAME.encode()]
OTHER = b"%PDF-1.7 of somebody else\n"
HIDDEN = zip_of([Entry(b"cover.pdf", OTHER)])[: -22 - 46 - len(NAME)]
MISPLACED, UNREAD = "is not where the ZIP says, or not as it says", "is packed oddly"
UNLIKE = f"The file {NAME} was changed"
OUTSIDE = "twice, or outside of it"
BIG = (1 << 32) - 1
SIZES = struct.pack("<2H2Q", 1, 16, 9, 9)
OF_3_GIB = ((4, 3 << 29),)
LARGE = [Entry(name, b"", header=OF_3_GIB, entry=OF_3_GIB) for name in (b"1", b"2")]
ILL_PACKED: dict[str, tuple[bytes, str]] = {
    "another name before it": (changed(EACH, NAME, header_name=b"Cover.pdf"), MISPLACED),
    "another size before it": (changed(EACH, NAME, header=((4, 3),)), MISPLACED),
    "another CRC before it": (changed(EACH, NAME, header=((2, 3),)), MISPLACED),
    "another method before it": (changed(EACH, NAME, header=((1, 0),)), MISPLACED),
    "another flag before it": (changed(EACH, NAME, header=((0, 2),)), MISPLACED),
    "another size in both": (changed(EACH, NAME, header=((4, 3),), entry=((4, 3),)), UNLIKE),
    "more than it unpacks to": (
        changed(EACH, NAME, header=((4, 99),), entry=((4, 99),)),
        UNLIKE,
    ),
    "something after what is packed": (
        changed(EACH, NAME, packed=COVER.content + b"more"),
        UNLIKE,
    ),
    "less than what is packed": (changed(EACH, NAME, packed=COVER.content[:-1]), UNLIKE),
    "what cannot be unpacked": (changed(EACH, NAME, packed=b"\xff" * 20), UNLIKE),
    "other sums after it": (
        changed([summed_after(one) for one in EACH], NAME, after=b"PK\7\b" + bytes(12)),
        MISPLACED,
    ),
    "a file that the directory does not know": (HIDDEN + zip_of(EACH), "no ZIP"),
    "one between two others": (changed(EACH, NAME, after=HIDDEN), MISPLACED),
    "one after the last": (
        zip_of([*EACH[:-1], replace(EACH[-1], after=HIDDEN)]),
        "something besides",
    ),
    "two at one place": (changed(EACH, "minisign.pub", where=0), MISPLACED),
    "one in the other": (changed(EACH, NAME, octets=HIDDEN, where=3), MISPLACED),
    "sizes for 4 GiB": (
        changed(EACH, NAME, extra=SIZES, entry=((3, BIG), (4, BIG))),
        UNREAD,
    ),
    "another name in another place": (
        changed(EACH, NAME, extra=struct.pack("<2HBL", 0x7075, 11, 1, 0) + b"a.html"),
        UNREAD,
    ),
    "an extra field that is cut off": (changed(EACH, NAME, extra=b"UT"), "no delivery pack"),
    "a long extra field": (changed(EACH, NAME, extra=b"UT\xf8\0" + bytes(248)), UNREAD),
    "a comment on a file": (changed(EACH, NAME, comment=b"hello"), UNREAD),
    "a locked file": (changed(EACH, NAME, flags=1), UNREAD),
    "another way to pack": (changed(EACH, NAME, method=9, packed=b"x"), UNREAD),
    "a link": (changed(EACH, NAME, mode=0o120777), UNREAD),
    "names in other cases": (
        zip_of([*EACH, Entry(b"Cover.PDF", OTHER)]),
        OUTSIDE,
    ),
    "a folder above": (zip_of(entries_of(FILES, "../")), OUTSIDE),
    "two folders": (
        zip_of([*entries_of(FILES, "a/"), *entries_of(FILES, "b/")]),
        OUTSIDE,
    ),
    "one outside of the folder": (
        zip_of([*entries_of(FILES, "a/"), Entry(b"verify.py", OTHER)]),
        OUTSIDE,
    ),
    "a folder above a Mac's": (
        zip_of([*EACH, Entry(b"__MACOSX/../../a.txt", OTHER)]),
        OUTSIDE,
    ),
    "a readable file beside what a Mac leaves": (
        zip_of([*EACH, Entry(b"__MACOSX/Annex - 5000 further signatures.pdf", OTHER)]),
        OUTSIDE,
    ),
    "a large file of a name that systems use": (
        zip_of([*EACH, Entry(b"Thumbs.db", bytes(1 << 15))]),
        "does not name the file Thumbs.db",
    ),
    "such a file that is larger than it says": (
        zip_of([*EACH, Entry(b"._a.pdf", b"", packed=bytes(1 << 16))]),
        UNREAD,
    ),
    "a folder that holds something": (
        zip_of([*EACH, Entry(b"texts/", OTHER)]),
        OUTSIDE,
    ),
    "a file without a name": (zip_of([*EACH, Entry(b"", OTHER)]), OUTSIDE),
    "another file": (
        zip_of([*EACH, Entry(b"more.html", OTHER)]),
        "does not name the file more.html",
    ),
    "3 GiB in two files": (zip_of([*EACH, *LARGE]), "2 GiB or more"),
    "a manifest that cannot be unpacked": (
        changed(EACH, "manifest.json", packed=b"\xff" * 20),
        "manifest.json or its signature was changed",
    ),
}
"""Each with what is said of it."""
