"""Sets of numbers that rows have: a bit for each, packed, however many there are.

They are kept in chunks of 65,536, of which few are open at a time: numbers come in their order, or
batch by batch in theirs. A million of them in a row take some hundred bytes, and never more than
125 KB.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Self

CHUNK_BITS = 16
CHUNK = 1 << CHUNK_BITS
BYTES = CHUNK // 8
OUT, IN = b"01"
NOBODY = bytes([OUT]) * CHUNK
MOST_OPEN = 32
"""Of 64 KiB each: so many that batches of a million rows by country open none again and again."""


class Numbers:
    """A set of numbers from 0."""

    def __init__(self, packed: Mapping[int, bytes] | None = None) -> None:
        self._packed = dict(packed or {})
        self._number = -1
        self._marks = bytearray()
        """The chunk in hand, a byte for each number: what is looked up for every row of a file."""
        self._opened: dict[int, bytearray] = {}
        """The open ones, the one in hand last."""
        self._changed: set[int] = set()

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Self:
        """Return the set of these numbers."""
        found = cls()
        found.add(sorted(numbers))
        return found

    def add(self, numbers: Sequence[int]) -> None:
        """Take in numbers, which are in their order."""
        self._mark(numbers, IN)

    def discard(self, numbers: Sequence[int]) -> None:
        """Leave out numbers, which are in their order."""
        self._mark(numbers, OUT)

    def _mark(self, numbers: Sequence[int], mark: int) -> None:
        if not numbers:
            return
        first, last = numbers[0] >> CHUNK_BITS, numbers[-1] >> CHUNK_BITS
        if first != last:
            for _, some in groupby(numbers, lambda number: number >> CHUNK_BITS):
                self._mark(list(some), mark)
            return
        self._open(first)
        marks, base = self._marks, first << CHUNK_BITS
        for number in numbers:
            marks[number - base] = mark
        self._changed.add(first)

    def __contains__(self, number: int) -> bool:
        chunk = number >> CHUNK_BITS
        if chunk != self._number:
            self._open(chunk)
        return self._marks[number & CHUNK - 1] == IN

    def among(self, numbers: Iterable[int]) -> set[int]:
        """Return which of these numbers are in here."""
        return {number for number in sorted(numbers) if number in self}

    def take_in(self, other: "Numbers") -> None:
        """Take in all that is in another set."""
        mine, theirs = self.packed(), other.packed()
        for chunk, bits in theirs.items():
            both = _unpacked(bits) | _unpacked(mine[chunk]) if chunk in mine else _unpacked(bits)
            self._packed[chunk] = _packed(both)

    def packed(self) -> dict[int, bytes]:
        """Return each chunk that has a number, packed."""
        while self._opened:
            self._close(next(iter(self._opened)))
        self._number = -1
        return dict(self._packed)

    def _open(self, chunk: int) -> None:
        if chunk == self._number:
            return
        marks = self._opened.pop(chunk, None)
        if marks is None:
            if len(self._opened) >= MOST_OPEN:
                self._close(next(iter(self._opened)))
            found = self._packed.get(chunk)
            marks = bytearray(NOBODY if found is None else _marks_of(_unpacked(found)))
        self._opened[chunk] = self._marks = marks
        self._number = chunk

    def _close(self, chunk: int) -> None:
        marks = self._opened.pop(chunk)
        if chunk in self._changed:
            self._changed.remove(chunk)
            bits = int(marks[::-1], 2)
            self._packed.pop(chunk, None)
            if bits:
                self._packed[chunk] = _packed(bits)


def chunks_of(numbers: Iterable[int]) -> set[int]:
    """Return in which chunks numbers are."""
    return {number >> CHUNK_BITS for number in numbers}


def _marks_of(bits: int) -> bytes:
    return format(bits, f"0{CHUNK}b").encode()[::-1]


def _packed(bits: int) -> bytes:
    return zlib.compress(bits.to_bytes(BYTES, "little"), level=1)


def _unpacked(packed: bytes) -> int:
    return int.from_bytes(zlib.decompress(packed), "little")
