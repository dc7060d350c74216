"""The files of a pack, in its ZIP, in one that was packed anew, or in a folder.

It stands in `verify.py` as it lies in a pack: it needs the standard library alone.
"""

import re
import stat
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

MANIFEST = "manifest.json"
CHANGED = f"{MANIFEST} or its signature was changed: they do not belong."
MOST_FILES, LARGEST_PACK, LARGEST_HEAD, PIECE = 300, (1 << 31) - 1, 1 << 20, 1 << 16
NAME = re.compile(r"([A-Za-z0-9_-]{1,50}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
TOP = re.compile(r"(?!\.{1,2}/)[^/\\:\0]{1,255}/manifest\.json")  # its folder was packed with it
LEFT = re.compile(  # a folder, and what systems leave in folders
    r"([A-Za-z0-9_-]{1,50}/)?(\._[^/\\:\0]*|\.DS_Store|Thumbs\.db|desktop\.ini)?"
    r"|__MACOSX/(((?!\.\.)[^\\:\0])*/)?(\._[^/\\:\0]*)?"
)
MOST_LISTED, MOST_EXTRA, MOST_LEFT = 2_000, 200, 1 << 14
STORED, DEFLATED, IS_SUMMED_AFTER, FLAGS = 0, 8, 0x8, 0x80E
END, HEADER = struct.Struct("<4s4H2LH"), struct.Struct("<4s2x2H4x3L2H")
ENTRY = struct.Struct("<4s4x2H4x3L3H4x2L")
EXTRAS = (0x000A, 0x5455, 0x5855, 0x7855, 0x7875)  # when a file was written, and by whom
DAMAGED = (EOFError, zlib.error)
NO_FORM = (AttributeError, KeyError, RuntimeError, TypeError, ValueError, struct.error, *DAMAGED)
Content = Callable[[], Iterator[bytes]]
Files = dict[str, tuple[int, Content]]  # by name, with the size


class Refused(Exception):
    """Something does not hold; the message says what, in words for people."""


def in_folder(top: Path) -> tuple[Files, list[str]]:
    """Return the files of an unpacked pack, and which were left out. Raises Refused, OSError."""
    found, waiting = list[tuple[str, int, Content]](), [top]
    while waiting:
        for path in waiting.pop().iterdir():
            name, about = path.relative_to(top).as_posix(), path.lstat()
            if stat.S_ISDIR(about.st_mode):
                waiting.append(path)
            elif stat.S_ISREG(about.st_mode):
                found.append((name, about.st_size, partial(pieces_of, path)))
            else:
                raise Refused(f"The folder has {name!r}, which is a link or no file.")
        if len(found) + len(waiting) > MOST_LISTED:
            raise Refused("The folder has far more files than a pack.")
    return named(found)


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield a file piece by piece."""
    with path.open("rb") as file:
        yield from iter(partial(file.read, PIECE), b"")


def in_zip(pack: BinaryIO) -> tuple[Files, list[str]]:
    """Return the files of a ZIP: one after the other from its first byte on, and nothing besides.

    And the names of those that were left out. Raises Refused, or one of NO_FORM.
    """
    if not pack.seekable():
        raise OSError("The pack has to be a file: what comes through a pipe cannot be checked.")
    if (size := pack.seek(0, 2)) > LARGEST_PACK:
        raise Refused("The pack has 2 GiB or more: no pack is so large.")
    end = END.unpack(octets_at(pack, max(size - 22, 0), 22).rjust(22))
    count, length, begin = end[4:7]
    ends = (b"PK\5\6", 0, 0, count, count, length, size - length - 22, 0)
    if end != ends or length > LARGEST_HEAD:
        raise Refused("This is no pack: it is no ZIP, is cut off, or has more before or after it.")
    found, at = list[tuple[str, int, Content]](), 0
    for where, name, entry in sorted(entries(octets_at(pack, begin, length))):
        content_at, end_at = place(pack, where, name, entry)
        if where != at:
            raise Refused(f"The file {name} is not where the ZIP says, or not as it says.")
        found.append((name, entry[-1], partial(unpacked, pack, content_at, entry)))
        at = end_at
    if at != begin or len(found) != count:
        raise Refused("The pack has something besides its files.")
    return named(found)


def entries(directory: bytes) -> Iterator[tuple[int, str, list[int]]]:
    """Yield of each file where it is, its name, flags, method, CRC and sizes. Raises Refused."""
    at = 0
    while at < len(directory):
        mark, *entry, n, x, comment, mode, where = ENTRY.unpack_from(directory, at)
        at += ENTRY.size + n + x
        name, extra = directory[at - x - n : at - x].decode("latin-1"), directory[at - x : at]
        if mark != b"PK\1\2":
            raise ValueError
        is_file = mode >> 28 in (0, 4, 8)  # no link
        is_known = entry[0] | FLAGS == FLAGS and entry[1] in (STORED, DEFLATED) and is_dull(extra)
        is_longer = entry[3] > 2 * entry[4] + MOST_LEFT  # than any way to pack makes it
        if not is_file or not is_known or is_longer or comment:
            raise Refused(f"The file {name} is packed oddly: unpack the ZIP, and check its folder.")
        yield where, name, entry


def place(pack: BinaryIO, where: int, name: str, entry: list[int]) -> tuple[int, int]:
    """Return where the content of a file begins, and where the next may. Raises Refused."""
    flags, method, *sums = entry
    mark, *header, n, x = HEADER.unpack(octets_at(pack, where, HEADER.size))
    at, own = where + HEADER.size + n + x, octets_at(pack, where + HEADER.size, n + x)
    is_same = header == entry and not flags & IS_SUMMED_AFTER
    end = at + sums[1]
    if flags & IS_SUMMED_AFTER and header in (entry, [flags, method, 0, 0, 0]):
        summed, after = struct.pack("<3L", *sums), octets_at(pack, end, 16)
        is_marked = after == b"PK\7\b" + summed
        is_same = is_marked or after[:12] == summed
        end += 16 if is_marked else 12
    is_named = mark == b"PK\3\4" and own[:n] == name.encode("latin-1") and is_dull(own[n:])
    if not is_same or not is_named or (method == STORED and sums[1] != sums[2]):
        raise Refused(f"The file {name} is not where the ZIP says, or not as it says.")
    return at, end


def is_dull(extra: bytes) -> bool:
    """Whether what stands beside a name says when the file was written, and by whom, alone."""
    at = 0
    while at < len(extra) <= MOST_EXTRA:
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind not in EXTRAS:
            return False
        at += 4 + length
    return at == len(extra)


def unpacked(pack: BinaryIO, at: int, entry: list[int]) -> Iterator[bytes]:
    """Yield a file of a ZIP, and never much more than its size. Raises one of DAMAGED."""
    _, method, _, packed, size = entry
    inflater, more = zlib.decompressobj(-15), b""
    while (more or packed) and not inflater.eof and size >= 0:
        if not more:
            more = octets_at(pack, at, min(PIECE, packed))
            at, packed = at + PIECE, max(packed - PIECE, 0)
        piece = inflater.decompress(more, PIECE) if method else more
        more, size = inflater.unconsumed_tail, size - len(piece)
        yield piece
    if method and not more:
        yield (piece := inflater.flush())
        size -= len(piece)
    if size or packed or more or inflater.unused_data or (method and not inflater.eof):
        raise EOFError


def octets_at(pack: BinaryIO, at: int, length: int) -> bytes:
    """Return so many bytes from there on; fewer where the pack ends."""
    pack.seek(at)
    return pack.read(length)


def named(found: Iterable[tuple[str, int, Content]]) -> tuple[Files, list[str]]:
    """Return files by their names in a pack, and which were left out. Raises Refused."""
    there, files, seen, left = list(found), Files(), set[str](), list[str]()
    tops = [name.removesuffix(MANIFEST) for name, _, _ in there if TOP.fullmatch(name)]
    top = "" if not tops or MANIFEST in [name for name, _, _ in there] else tops[0]
    for whole, size, content in there:
        name = whole.removeprefix(top)
        if LEFT.fullmatch(name) and size <= (MOST_LEFT if name[-1:] not in "/" else 0):
            left += [whole] if name[-1:] not in "/" else []
            continue
        if not whole.startswith(top) or not NAME.fullmatch(name) or name.lower() in seen:
            raise Refused(f"The pack has a file {whole!r} twice, or outside of it.")
        files[name] = size, content
        seen.add(name.lower())
    if sum(size for size, _ in files.values()) > LARGEST_PACK:
        raise Refused("The pack has 2 GiB or more: no pack is so large.")
    return files, sorted(left)


def small(files: Files, name: str) -> bytes:
    """Return a file that is small in every pack. Raises Refused, or one of NO_FORM."""
    size, content = files[name]
    if size > LARGEST_HEAD:
        raise ValueError
    try:
        return b"".join(content())
    except DAMAGED:
        raise Refused(CHANGED) from None


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file; what is too long to be a row ends them."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from ((line + b"\n")[:PIECE] for line in whole)
        if len(rest) > PIECE:
            break
    yield from (part for part in [rest[:PIECE]] if part)
