"""ZIPs of a pack as other machines write them, and as none should."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from petition.deliveries.pack.archive import END, ENTRY, HEADER
from tests.deliveries.pack.packs import Files

WHEN = struct.pack("<2HBL", 0x5455, 5, 3, 1_796_202_000)
"""What Info-ZIP writes beside a name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a ZIP, and what the two places of the ZIP say of it where it is not so."""

    name: bytes
    octets: bytes
    method: int = 8
    flags: int = 0
    packed: bytes | None = None
    header: tuple[tuple[int, int], ...] = ()
    """By its place among flags, method, CRC and sizes: what stands before the file instead."""
    entry: tuple[tuple[int, int], ...] = ()
    """The same in the directory."""
    mode: int = 0o100644
    extra: bytes = b""
    comment: bytes = b""
    after: bytes | None = None
    header_name: bytes | None = None
    where: int | None = None

    @property
    def content(self) -> bytes:
        """Return it as it is packed."""
        if self.packed is not None:
            return self.packed
        return deflated(self.octets) if self.method == 8 else self.octets

    def says(self, instead: Iterable[tuple[int, int]]) -> list[int]:
        """Return what one of the places says."""
        said = [self.flags, self.method, zlib.crc32(self.octets)]
        said += [len(self.content), len(self.octets)]
        for at, value in instead:
            said[at] = value
        return said


def deflated(octets: bytes, level: int = 9) -> bytes:
    """Return octets packed, without a head."""
    packing = zlib.compressobj(level, wbits=-15)
    return packing.compress(octets) + packing.flush()


def zip_of(entries: Iterable[Entry]) -> bytes:
    """Return a ZIP of these."""
    made, directory, count = b"", b"", 0
    for one in entries:
        at = len(made) if one.where is None else one.where
        header_name = one.name if one.header_name is None else one.header_name
        sizes = len(header_name), len(one.extra)
        made += HEADER.pack(b"PK\3\4", *one.says(one.header), *sizes) + header_name + one.extra
        made += one.content + (one.after or b"")
        lengths = len(one.name), len(one.extra), len(one.comment)
        directory += ENTRY.pack(b"PK\1\2", *one.says(one.entry), *lengths, one.mode << 16, at)
        directory += one.name + one.extra + one.comment
        count += 1
    ends = count, count, len(directory), len(made)
    return made + directory + END.pack(b"PK\5\6", 0, 0, *ends, 0)


def entries_of(files: Files, top: str = "", **said: Any) -> list[Entry]:
    """Return the files of a pack as somebody would pack them anew."""
    return [Entry(f"{top}{name}".encode(), octets, **said) for name, octets in files.items()]


def summed_after(one: Entry, mark: bytes = b"PK\7\b") -> Entry:
    """Return an entry whose sums stand after it, as where it is packed while it is read."""
    sums = struct.pack("<3L", *one.says(())[2:])
    unknown = ((2, 0), (3, 0), (4, 0))
    return replace(one, flags=one.flags | 8, header=unknown, after=mark + sums)


def changed(entries: list[Entry], name: str, **said: Any) -> bytes:
    """Return a ZIP in which something else is said of one of its files."""
    return zip_of(replace(e, **said) if e.name == name.encode() else e for e in entries)


def by_zipfile(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the files in a ZIP as Python writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, octets in files.items():
            archive.writestr(name, octets)
    return stream.getvalue()


def on_a_mac(files: Files) -> list[Entry]:
    """Return the folder of a pack as a Mac packs it, with what it leaves there itself."""
    top = "Delivery 12 (1)/"
    folders = [Entry(name.encode(), b"", 0, mode=0o40755) for name in (top, f"{top}texts/")]
    left = ["__MACOSX/._Delivery 12 (1)", f"__MACOSX/{top}._manifest.json", f"{top}.DS_Store"]
    theirs = [Entry(name.encode(), b"Mac OS X", extra=WHEN) for name in left]
    each = [*entries_of(files, top, extra=WHEN), *theirs]
    return [*folders, *(summed_after(one) for one in each)]


def repacked_by_others(files: Files) -> dict[str, bytes]:
    """Return a whole pack in the ZIPs that machines of an office make of it."""
    return {
        "compressed": zip_of(entries_of(files)),
        "not compressed": zip_of(entries_of(files, method=0)),
        "by Python": by_zipfile(files),
        "by Python, not compressed": by_zipfile(files, zipfile.ZIP_STORED),
        "by Info-ZIP": zip_of(entries_of(files, extra=WHEN)),
        "from a stream": zip_of(summed_after(one) for one in entries_of(files)),
        "from a stream, without a mark": zip_of(
            summed_after(one, b"") for one in entries_of(files, method=0)
        ),
        "on a Mac": zip_of(on_a_mac(files)),
        "the other way round": zip_of(reversed(entries_of(files))),
        "in a folder on Windows": zip_of(
            [*entries_of(files, "pack/", mode=0), Entry(b"pack/Thumbs.db", b"x", mode=0)]
        ),
    }
