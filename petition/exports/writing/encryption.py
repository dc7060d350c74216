"""Exports encrypted with age: only whoever holds one of some secret keys can read them.

The format is age-encryption.org/v1 (C2SP), written by pyrage. Public keys are no secret, and are
kept with the record of an export; a secret key must never be taken in.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import pyrage

MOST_KEYS = 10
IDENTITY = "AGE-SECRET-KEY"
"""Begins every secret key: age calls one an identity."""
MEDIA_TYPE = "application/octet-stream"
"""age has none of its own."""


class NoPublicKey(ValueError):
    """A line is not a public key of age."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is no public key")
        self.line = line


class TooManyKeys(ValueError):
    """There are more keys than a file may be encrypted for."""


def holds_secret_key(text: str) -> bool:
    """Whether a secret key of age stands in a text, however it is spaced or broken into lines."""
    return IDENTITY in "".join(text.split()).upper()


def public_keys(text: str) -> tuple[str, ...]:
    """Return the public keys in a text, one on each line, as age writes them and each once.

    Raises NoPublicKey and TooManyKeys.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    given = [(number, line) for number, line in lines if line]
    if len(given) > MOST_KEYS:
        raise TooManyKeys
    return tuple(dict.fromkeys(_public_key(line, number) for number, line in given))


def _public_key(line: str, number: int) -> str:
    try:
        return str(pyrage.x25519.Recipient.from_str(line))
    except pyrage.RecipientError:
        raise NoPublicKey(number) from None


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
