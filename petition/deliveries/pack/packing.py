"""A pack: one ZIP of a petition's signatures, signed, the same bytes for the same content.

Its files are not compressed. So it is the same whatever library writes it; what is large in it
(PDF, XLSX) is compressed already. Every file is read twice, once to be measured and once to be
written. Those that are set or compressed cost too much for that: as many of them as have room are
kept in between.
"""

import hashlib
import re
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from zipfile import ZipInfo

from petition.core.errors import DomainError
from petition.deliveries.pack.archive import END, LARGEST_PACK, MANIFEST, MOST_FILES, NAME
from petition.deliveries.pack.manifest import (
    Manifest,
    PackedFile,
    PackedPetition,
    PackedRecipient,
    PackedText,
    Profile,
    Totals,
    TreeHead,
)
from petition.deliveries.pack.minisign import SecretKey, comment_on
from petition.deliveries.pack.records import Record, Tier, rows
from petition.deliveries.pack.verify import ROWS, SIGNATURE, Tree, read_row, text_name

VERIFIER, KEY = "verify.py", "minisign.pub"
COSTLY = (".pdf", ".xlsx")
KEPT_BYTES = 24 << 20
"""How much of what was measured is kept to be written: PDF and XLSX of some 100,000 rows."""
Pieces = Callable[[], Iterable[bytes]]
"""What gives the bytes of a file, from its first, each time it is called."""


class CannotPack(DomainError):
    """A pack cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class SignedText:
    """The words that people signed."""

    language: str
    version: int
    body: str

    @property
    def name(self) -> str:
        """The name of its file."""
        return text_name({"language": self.language, "version": self.version})


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known once all rows were read."""

    totals: Totals
    tree: TreeHead
    signed: Mapping[str, int]
    """How many signed each text, by the name of its file."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a pack."""

    petition: PackedPetition
    recipient: PackedRecipient
    profile: Profile
    tier: Tier
    cut_off: datetime
    software: str
    records: Callable[[], Iterable[Record]]
    """The signatures in their order, numbered from 1; the same each time."""
    texts: Sequence[SignedText]
    files: dict[str, Pieces]
    """Whatever else belongs to it, by name."""
    secret: bytes
    """32 random bytes of which the salts are made; the same for the same pack."""
    papers: Callable[[Counted], dict[str, Pieces]] = lambda _counted: {}
    """What says how many there are, or the root: letter, sheets, counts."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A file of which it is known what it holds, before it is written."""

    name: str
    pieces: Pieces
    size: int
    sha256: str
    crc: int
    is_kept: bool = False
    """Whether its pieces wait in memory, or are made once more."""

    def again(self) -> Iterator[bytes]:
        """Yield the file once more. Raises CannotPack where it has changed meanwhile."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
            yield piece
        if digest.hexdigest() != self.sha256:
            raise CannotPack(f"{self.name} changed while the pack was made.")


def pack(
    contents: Contents,
    key: SecretKey,
    at: datetime,
    *,
    signed: Callable[[Manifest], object] = lambda _manifest: None,
) -> Iterator[bytes]:
    """Yield the pack piece by piece, signed at that moment. Raises CannotPack.

    As long as files are measured the pieces are empty: the work can be followed, and stopped.
    What is `signed` is told once it is known.
    """
    count, files = Count(contents.tier), dict[str, Measured]()
    yield from _measured(_pieces(contents, key), files, count)
    counted = count.counted
    yield from _measured(_allowed(contents.papers(counted), files), files, count)
    manifest = Manifest(
        petition=contents.petition,
        recipient=contents.recipient,
        profile=contents.profile,
        tier=contents.tier,
        cut_off=contents.cut_off,
        texts=_texts(contents.texts, counted.signed, files),
        totals=counted.totals,
        tree=counted.tree,
        files={name: PackedFile(file.size, file.sha256) for name, file in files.items()},
        key=key.public.line,
        software=contents.software,
    )
    signed(manifest)
    octets = manifest.to_bytes()
    signature = key.sign(octets, comment_on(MANIFEST, at))
    head = [of_bytes(MANIFEST, octets), of_bytes(SIGNATURE, signature)]
    yield from zipped([*head, *(files[name] for name in sorted(files))])


def _measured(
    pieces: Mapping[str, Pieces], files: dict[str, Measured], count: "Count"
) -> Iterator[bytes]:
    """Measure each of these, and count the rows; nothing is yielded but the chance to stop."""
    for name, again in pieces.items():
        room = KEPT_BYTES - sum(file.size for file in files.values() if file.is_kept)
        measure = Measure(room if name.endswith(COSTLY) else 0)
        for piece in count.passing(again()) if name == ROWS else again():
            measure.take(piece)
            yield b""
        files[name] = measure.of(name, again)


def zipped(files: Sequence[Measured]) -> Iterator[bytes]:
    """Yield a ZIP of files in their order. Raises CannotPack."""
    size = sum(file.size + 2 * len(file.name) + 76 for file in files) + END.size
    if len(files) > MOST_FILES or size > LARGEST_PACK:
        most = f"at most {MOST_FILES} files, and less than 2 GiB together"
        raise CannotPack(f"The pack would be too large: {most}.")
    directory, at = b"", 0
    for file in files:
        header, entry = zip_parts(file.name, file.size, file.crc, at)
        yield header
        yield from file.again()
        at, directory = at + len(header) + file.size, directory + entry
    ends = (b"PK\5\6", 0, 0, len(files), len(files), len(directory), at, 0)
    yield directory + END.pack(*ends)


def zip_parts(name: str, size: int, crc: int, at: int) -> tuple[bytes, bytes]:
    """Return what a ZIP has before a file, and in its directory, where it is not compressed."""
    plain = ZipInfo(name)
    plain.CRC, plain.file_size, plain.compress_size = crc, size, size
    header, place = plain.FileHeader(), struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, at)
    return header, b"PK\1\2\x14\3" + header[4:30] + place + header[30:]


class Measure:
    """What a file holds, as it is read."""

    def __init__(self, room: int = 0) -> None:
        self._digest, self._size, self._crc = hashlib.sha256(), 0, 0
        self._room, self._kept = room, list[bytes]()

    def take(self, piece: bytes) -> None:
        """Take the next piece of it, and keep it as long as there is room for all of them."""
        self._digest.update(piece)
        self._size, self._crc = self._size + len(piece), zlib.crc32(piece, self._crc)
        if self._size > self._room:
            self._kept.clear()
        else:
            self._kept.append(piece)

    def of(self, name: str, pieces: Pieces) -> Measured:
        """Return the file, once all of it was taken."""
        is_kept = 0 < self._size <= self._room
        again = partial(iter, self._kept) if is_kept else pieces
        return Measured(name, again, self._size, self._digest.hexdigest(), self._crc, is_kept)


def of_bytes(name: str, octets: bytes) -> Measured:
    """Return a file that holds these bytes."""
    measure = Measure()
    measure.take(octets)
    return measure.of(name, partial(iter, [octets]))


@cache
def verifier() -> bytes:
    """Return the program that lies in every pack and checks it: two modules in one file."""
    here = Path(__file__).parent
    whole, part = ((here / name).read_text("utf-8") for name in (VERIFIER, "archive.py"))
    _its_docstring, content = part.split('"""\n\n', maxsplit=1)
    before, after = re.split(
        r"(?s)from petition\.deliveries\.pack\.archive import .*?\n\)\n", whole
    )
    return f"{before}{content}{after}".encode()


def _pieces(contents: Contents, key: SecretKey) -> dict[str, Pieces]:
    """Return every file but the manifest and its signature. Raises CannotPack."""
    ours: dict[str, Pieces] = {
        ROWS: partial(_rows, contents),
        VERIFIER: partial(iter, [verifier()]),
        KEY: partial(iter, [key.public.file]),
        **{text.name: partial(iter, [text.body.encode()]) for text in contents.texts},
    }
    return {**ours, **_allowed(contents.files, ours)}


def _allowed(pieces: dict[str, Pieces], there: Mapping[str, object]) -> dict[str, Pieces]:
    """Return these files, which have names of their own. Raises CannotPack."""
    taken = {*there, MANIFEST, SIGNATURE}
    for name in pieces:
        if not NAME.fullmatch(name) or name in taken or name.startswith("texts/"):
            raise CannotPack(f"No file of a pack may be named “{name}” beside those that it has.")
    return pieces


def _rows(contents: Contents) -> Iterator[bytes]:
    return rows(contents.records(), contents.tier, contents.secret)


class Count:
    """The totals of rows, and their tree, as they are read."""

    def __init__(self, tier: Tier) -> None:
        self._tier = tier
        self._tree = Tree()
        self._countries, self._weeks = Counter[str](), Counter[str]()
        self._signed = Counter[str]()

    def passing(self, read: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the rows as they are, once they are counted. Raises Refused for what is no row."""
        for row in read:
            record, leaf = read_row(row, self._tier, self._tree.size + 1)
            self._tree.add(leaf)
            self._countries[record["country"]] += 1
            self._weeks[record["week"]] += 1
            self._signed[text_name(record)] += 1
            yield row

    @property
    def counted(self) -> Counted:
        """How many there are, and what stands for all in their order."""
        size = self._tree.size
        totals = Totals(size, dict(self._countries), dict(self._weeks))
        return Counted(totals, TreeHead(size, self._tree.root().hex()), dict(self._signed))


def _texts(
    texts: Sequence[SignedText], signed: Mapping[str, int], files: dict[str, Measured]
) -> tuple[PackedText, ...]:
    """Return the texts as the manifest names them. Raises CannotPack."""
    if {text.name for text in texts} != signed.keys():
        raise CannotPack("A pack has the texts that were signed in it, all of them and no others.")
    return tuple(
        PackedText(text.language, text.version, files[text.name].sha256, signed[text.name])
        for text in sorted(texts, key=lambda text: text.name)
    )
