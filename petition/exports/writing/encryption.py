"""Exports encrypted with age: only whoever holds one of some secret keys can read them.

The format is age-encryption.org/v1 (C2SP), written by pyrage. Public keys are no secret, and are
kept with the record of an export.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import pyrage

MEDIA_TYPE = "application/octet-stream"
"""age has none of its own."""


def encrypted(pieces: Iterable[bytes], keys: Sequence[str]) -> Iterator[bytes]:
    """Yield an age file of these pieces: for each piece what it has become, which may be nothing.

    pyrage reads and writes by itself, so it runs in a thread beside, which waits wherever there is
    nothing to read. No more than one piece is held at a time.
    """
    recipients = [pyrage.x25519.Recipient.from_str(key) for key in keys]
    passage = _Passage()
    with ThreadPoolExecutor(1, "age") as beside:
        done = beside.submit(pyrage.encrypt_io, passage, passage, recipients)
        done.add_done_callback(passage.wake)
        try:
            yield passage.made()
            for piece in pieces:
                if done.done():
                    break  # a fault, which is raised below
                if piece:
                    passage.give(piece)
                yield passage.made() if piece else b""
        finally:
            passage.end()
        done.result()
        yield passage.rest()


class _Passage(io.BufferedIOBase):
    """What the thread reads from and writes to. One side works while the other waits."""

    def __init__(self) -> None:
        self._given: SimpleQueue[bytes] = SimpleQueue()
        self._asked: SimpleQueue[None] = SimpleQueue()
        self._plain, self._made = io.BytesIO(), bytearray()
        self._ended = False

    def read(self, size: int | None = -1, /) -> bytes:
        """Hand over some of what was given; at its end, wait for more."""
        taken = self._plain.read(size)
        if taken or self._ended:
            return taken
        self._asked.put(None)
        piece = self._given.get()
        self._plain, self._ended = io.BytesIO(piece), not piece
        return self._plain.read(size)

    def write(self, data: Any, /) -> int:
        """Take what is encrypted."""
        self._made += data
        return len(data)

    def give(self, piece: bytes) -> None:
        """Let a piece be read."""
        self._given.put(piece)

    def end(self) -> None:
        """Say that nothing more will come."""
        self._given.put(b"")

    def wake(self, _done: object) -> None:
        """Let nobody wait for a thread that has ended."""
        self._asked.put(None)

    def made(self) -> bytes:
        """Wait until all that was given is read, and return what it has become."""
        self._asked.get()
        return self.rest()

    def rest(self) -> bytes:
        """Return what was written and not yet taken; the thread must be waiting, or at its end."""
        made = bytes(self._made)
        self._made.clear()
        return made
