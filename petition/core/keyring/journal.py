"""The journal of erasures: what people asked for, so that a restored backup does not undo it.

And what moderators took out: what is not genuine is not to count again, nor a reason to be public.

A file beside the keys, outside the database. One line for each wish: what it was, about which
number and keyed tag, and when; it names nobody. It is kept as long as a backup may be.

A line is written and flushed *before* the transaction commits that carries the wish out. Whatever
crashes between the two, a wish may stand here that was not carried out: then a restore does what
its owner asked for. The other way round it would bring somebody back who was told they are gone.
"""

import errno
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from petition.core.keyring.keys import keep_names
from petition.core.keyring.sealing import key_file

FILE_NAME = "erasures.jsonl"
MOST_IN_A_LINE = 1_000
ROOM_FOR_ENTRIES = 64 * 1024
LOCK_SECONDS = 3.0
LOOK_ANEW_SECONDS = 0.02


class Wish(StrEnum):
    """What somebody asked for, or a moderator decided."""

    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    SIGNED_AGAIN = "signed again"
    """Takes back that they withdrew, wanted no mail, or chose how their name appears."""
    NO_MAIL = "no mail"
    NAME_PRIVATE = "name private"
    FIRST_NAME_SHOWN = "first name shown"
    FULL_NAME_SHOWN = "full name shown"
    INVALIDATED = "struck"
    REASON_HIDDEN = "reason hidden"
    LETTER_DECLINED = "letter declined"
    LETTER_STOPPED = "letter stopped"
    LETTER_DELETED = "letter deleted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One wish."""

    wish: Wish
    number: int
    """Of the signature or letter; numbers are given once."""
    tag: bytes
    """By which the petition or letter campaign knows the mailbox."""
    at: datetime

    def to_line(self) -> str:
        """Return the line of the file."""
        fields = {
            "at": self.at.astimezone(UTC).isoformat(),
            "wish": self.wish,
            "number": self.number,
            "tag": self.tag.hex(),
        }
        return json.dumps(fields) + "\n"

    @classmethod
    def from_line(cls, line: str) -> "Entry":
        """Read what `to_line` made. Raises ValueError."""
        try:
            fields = json.loads(line)
            at = datetime.fromisoformat(fields["at"])
            if at.tzinfo is None:
                raise ValueError("a naive time")
            tag = bytes.fromhex(fields["tag"])
            return cls(Wish(fields["wish"]), int(fields["number"]), tag, at.astimezone(UTC))
        except (KeyError, TypeError) as fault:
            raise ValueError("no entry of a journal") from fault


@dataclass(frozen=True, slots=True)
class Read:
    """What a journal holds."""

    entries: list[Entry]
    broken: int
    """Lines that cannot be read: the machine stopped while they were written."""


class Journal:
    """One host's file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entry: Entry) -> None:
        """Write an entry; it is on the disk when this returns. Raises OSError."""
        with self._alone():
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                start = "" if _ends_whole(descriptor) else "\n"
                left = (start + entry.to_line()).encode()
                while left:  # a disk that is nearly full takes a part, and says nothing
                    left = left[os.write(descriptor, left) :]
                os.fsync(descriptor)
                keep_names(self.path.parent)
            finally:
                os.close(descriptor)

    def require_writable(self) -> None:
        """See that an entry could be written. Raises OSError."""
        disk = os.statvfs(self.path.parent)
        if disk.f_bavail * disk.f_frsize < ROOM_FOR_ENTRIES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with self._alone():
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))

    def read(self) -> Read:
        """Return what the file holds; nothing where there is none."""
        return _read_from(self._lines())

    def purge(self, before: datetime) -> int:
        """Forget what is older than every backup; return how many lines.

        The long part is done while others write; what they wrote meanwhile is kept.
        """
        if not self._is_older(before):
            return 0
        beside = self.path.with_suffix(f".{secrets.token_hex(4)}.new")
        with self.path.open("rb") as stream:
            whole = _whole_lines(stream.read())
            found = _read_from(whole.decode("utf-8", "replace").splitlines())
            kept = [entry for entry in found.entries if entry.at >= before]
            try:
                _write(beside, (entry.to_line() for entry in kept))
                with self._alone():
                    if not os.path.samestat(self.path.stat(), os.fstat(stream.fileno())):
                        return 0  # another did the same
                    stream.seek(len(whole))
                    _append(beside, stream.read())
                    beside.replace(self.path)
                    for left in self.path.parent.glob(f"{self.path.stem}.*.new"):  # by a crash
                        left.unlink(missing_ok=True)
                    keep_names(self.path.parent)
            finally:
                beside.unlink(missing_ok=True)
        return len(found.entries) - len(kept)

    def _is_older(self, before: datetime) -> bool:
        """Whether the first line is to go: they stand in the order of time."""
        first = next(iter(self._lines()), "")
        try:
            return bool(first) and Entry.from_line(first).at < before
        except ValueError:
            return True

    def _lines(self) -> Iterator[str]:
        try:
            with self.path.open(encoding="utf-8", errors="replace") as stream:
                while line := stream.readline(MOST_IN_A_LINE):
                    if line.strip():
                        yield line
        except FileNotFoundError:
            return

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the file against other processes, and against being replaced meanwhile.

        Raises OSError where another holds it for longer than writing takes.
        """
        descriptor = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
            yield
        finally:
            os.close(descriptor)


def journal() -> Journal:
    """Return the journal of this host, beside its keys."""
    return Journal(key_file().path.with_name(FILE_NAME))


def note(wish: Wish, number: int, tag: bytes, at: datetime) -> None:
    """Note a wish. The last thing before the transaction commits that carries it out."""
    journal().append(Entry(wish, number, tag, at))


def _lock(descriptor: int) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)) from None
            time.sleep(LOOK_ANEW_SECONDS)
        else:
            return


def _read_from(lines: Iterable[str]) -> Read:
    entries: list[Entry] = []
    broken = 0
    for line in lines:
        try:
            entries.append(Entry.from_line(line))
        except ValueError:
            broken += 1
    return Read(entries, broken)


def _whole_lines(octets: bytes) -> bytes:
    """Return what ends with a line's end: the rest is being written."""
    return octets[: octets.rfind(b"\n") + 1]


def _ends_whole(descriptor: int) -> bool:
    """Whether the last line has its end."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _write(path: Path, lines: Iterable[str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.writelines(lines)


def _append(path: Path, octets: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(octets)
        stream.flush()
        os.fsync(stream.fileno())
