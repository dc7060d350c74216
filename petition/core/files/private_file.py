"""Writing a file that nobody else may read, and that is there whole or not at all."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from petition.core.errors import DomainError


class NotReplaced(DomainError):
    """There is something in the place of a file that is to be written."""


def require_place(target: Path, *, replaces: bool) -> None:
    """See that a file may be put there. Raises NotReplaced."""
    try:
        there = target.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISREG(there.st_mode):
        raise NotReplaced(f"{target} is not an ordinary file: it is left as it is.")
    if not replaces:
        raise NotReplaced(f"{target} exists: it is left as it is.")


def on_the_disk(stream: BinaryIO) -> None:
    """See that what was written is on the disk. Raises OSError."""
    stream.flush()
    os.fsync(stream.fileno())


@contextmanager
def private_file(target: Path, *, replaces: bool) -> Iterator[BinaryIO]:
    """Yield what to write to (mode 0600); at the end it stands at `target`, on the disk.

    Where the work breaks off nothing is left. Raises NotReplaced.
    """
    require_place(target, replaces=replaces)
    beside = target.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            on_the_disk(stream)
        require_place(target, replaces=replaces)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
