"""A file that is made at the database's pace, and handed over at its reader's.

Whoever reads the rows of an export holds a snapshot of the database. Over a slow line that would
be one of hours, in which SQLite's write-ahead log only grows and PostgreSQL cleans nothing up. So
what is made waits on the disk: without a name, and sealed under a key that is nowhere else.
"""

import os
import threading
from collections.abc import Generator
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryFile

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Place = tuple[int, int]
"""Where a piece begins on the disk, and how long it is there."""


def read_ahead(pieces: Generator[bytes, None, None], folder: Path) -> Generator[bytes, None, None]:
    """Yield the pieces, all of which are made at once; those to come wait in `folder`.

    They are made in a thread of their own, which has ended when this generator has.
    """
    cipher, places = AESGCM(AESGCM.generate_key(256)), SimpleQueue[Place | BaseException | None]()
    is_over = threading.Event()
    with TemporaryFile(dir=folder) as file:
        disk = file.fileno()

        def make() -> None:
            at = 0
            try:
                for piece in pieces:
                    box = cipher.encrypt(_nonce(at), piece, None)
                    _write(disk, box, at)
                    places.put((at, len(box)))
                    at += len(box)
                    if is_over.is_set():
                        break
                places.put(None)
            except BaseException as fault:  # it belongs to whoever reads
                places.put(fault)
            finally:
                pieces.close()

        making = threading.Thread(target=make, name="export")
        making.start()
        try:
            while (place := places.get()) is not None:
                if isinstance(place, BaseException):
                    raise place
                at, length = place
                yield cipher.decrypt(_nonce(at), os.pread(disk, length, at), None)
        finally:
            is_over.set()
            making.join()


def _nonce(at: int) -> bytes:
    return at.to_bytes(12)


def _write(disk: int, box: bytes, at: int) -> None:
    while box:  # a disk that is nearly full takes a part first
        written = os.pwrite(disk, box, at)
        box, at = box[written:], at + written
