"""The files that jobs make: written piece by piece, offered when whole, read from any place.

None of the verbs commits. Of a file that is begun again nothing stays: it has a new key.
"""

import hashlib
import secrets
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, insert, select, update

from petition.core.keyring.keys import KEY_BYTES
from petition.core.keyring.sealing import (
    SealBroken,
    Sealed,
    seal,
    seal_under,
    unseal,
    unseal_under,
)
from petition.core.storage.database import rows_of, session
from petition.jobs.actions import Claim
from petition.jobs.models import UNFINISHED, FilePiece, Job, MadeFile, file_key_context
from petition.jobs.work import Whole

PIECE_BYTES = 1 << 20
SAMPLE_BYTES = 1 << 14
"""By so much of a piece it is judged whether it is worth deflating: PDF and XLSX are already."""
_pieces = rows_of(FilePiece)


def ready_jobs(organiser_id: int, at: datetime) -> Select[int]:
    """Return the statement that finds jobs of an organiser with a file that they do not know of."""
    return (
        select(MadeFile.job_id)
        .join(Job, Job.id == MadeFile.job_id)
        .where(
            Job.organiser_id == organiser_id,
            MadeFile.file_key.is_not(None),
            MadeFile.gone_after > at,
            MadeFile.seen_at.is_(None),
        )
    )


def see(organiser_id: int, at: datetime, job_ids: Collection[int]) -> None:
    """Note that an organiser knows that these of their files are ready."""
    theirs = MadeFile.job_id.in_(ready_jobs(organiser_id, at)), MadeFile.job_id.in_(job_ids)
    session.execute(update(MadeFile).where(*theirs).values(seen_at=at))


class FileGone(LookupError):
    """The file was deleted, is not whole yet, or its key does not open."""


class FileInMaking:
    """What is written of a file: full pieces leave to be kept, the rest waits here."""

    def __init__(self, claim: Claim) -> None:
        self._job_id = claim.id
        self._key = secrets.token_bytes(KEY_BYTES)
        self._buffer = bytearray()
        self._digest = hashlib.sha256()
        self._number = 0
        self._size = 0

    @property
    def has_full_piece(self) -> bool:
        """Whether there is something to keep."""
        return len(self._buffer) >= PIECE_BYTES

    def write(self, data: bytes) -> None:
        """Add to the end of the file."""
        self._digest.update(data)
        self._size += len(data)
        self._buffer += data

    def begin(self) -> None:
        """Make the file, in the place of one that was begun before."""
        discard(self._job_id)
        sealed = seal(self._key, file_key_context(self._job_id))
        row = {"job_id": self._job_id, "file_key": sealed.box, "file_key_key": sealed.key_id}
        session.execute(insert(MadeFile).values(size=0, **row))

    def full_pieces(self) -> list[bytes]:
        """Take the full pieces out of what was written, to `keep` them."""
        return [self._piece() for _ in range(len(self._buffer) // PIECE_BYTES)]

    def keep(self, pieces: Iterable[bytes]) -> None:
        """Put pieces into the database, in the order in which they were written."""
        for piece in pieces:
            box = seal_under(self._key, _packed(piece), piece_context(self._number))
            row = {"job_id": self._job_id, "number": self._number, "content": box}
            session.execute(insert(_pieces), row)
            self._number += 1

    def _piece(self) -> bytes:
        piece = bytes(memoryview(self._buffer)[:PIECE_BYTES])
        del self._buffer[:PIECE_BYTES]
        return piece

    def offer(self, at: datetime, lifetime: timedelta) -> Whole:
        """Keep the rest and offer the file, for so long; return what it is."""
        self.keep(self.full_pieces())
        if self._buffer:
            self.keep([self._piece()])
        whole = Whole(self._size, self._digest.hexdigest())
        times = {"whole_at": at, "gone_after": at + lifetime}
        row = {"size": whole.size, "sha256": whole.sha256, **times}
        session.execute(update(MadeFile).where(MadeFile.job_id == self._job_id).values(**row))
        return whole


def read(file: MadeFile, start: int = 0) -> Iterator[bytes]:
    """Yield the file from the byte `start` on, a piece at a time. Raises FileGone."""
    if file.whole_at is None or file.file_key is None or file.file_key_key is None:
        raise FileGone
    try:
        key = unseal(Sealed(file.file_key_key, file.file_key), file_key_context(file.job_id))
    except SealBroken:
        raise FileGone from None
    number, skipped = divmod(start, PIECE_BYTES)
    for at in range(number, -(-file.size // PIECE_BYTES)):
        yield _piece(file, at, key)[skipped:]
        skipped = 0


def _piece(file: MadeFile, number: int, key: bytes) -> bytes:
    its = (_pieces.c.job_id == file.job_id) & (_pieces.c.number == number)
    box = session.scalar(select(_pieces.c.content).where(its))
    try:
        opened = unseal_under(key, box or b"", piece_context(number))
    except SealBroken:
        raise FileGone from None
    return _unpacked(opened, min(PIECE_BYTES, file.size - number * PIECE_BYTES))


def _packed(piece: bytes) -> bytes:
    """Return a piece as it is kept: deflated where that makes it shorter.

    What the database has to write, twice with its log, is most of the time that a file takes.
    """
    sample = piece[:SAMPLE_BYTES]
    if 2 * len(zlib.compress(sample, level=1)) > len(sample):
        return piece
    return min(piece, zlib.compress(piece, level=1), key=len)  # itself where none is shorter


def _unpacked(kept: bytes, size: int) -> bytes:
    """Return a piece of this size from what is kept of it: where that is shorter, it is deflated.

    Pieces kept before any were deflated are as long as they are.
    """
    return kept if len(kept) == size else zlib.decompress(kept)


def discard(job_id: int) -> None:
    """Delete all that is there of a file, and its row."""
    session.execute(delete(_pieces).where(_pieces.c.job_id == job_id))
    session.execute(delete(MadeFile).where(MadeFile.job_id == job_id))


def delete_file(job_id: int) -> None:
    """Delete a file and its key; that it was there, its size and its sum are kept."""
    session.execute(delete(_pieces).where(_pieces.c.job_id == job_id))
    nothing = {"file_key": None, "file_key_key": None}
    session.execute(update(MadeFile).where(MadeFile.job_id == job_id).values(**nothing))


def drop_all() -> None:
    """Delete every file: in a restored backup they may hold who was erased since."""
    session.execute(delete(_pieces))
    session.execute(update(MadeFile).values(file_key=None, file_key_key=None))


def purge(at: datetime) -> bool:
    """Delete a file whose time is up, or that nobody will end; true when there may be more."""
    is_due = (MadeFile.gone_after <= at) & MadeFile.file_key.is_not(None)
    due = session.scalar(select(MadeFile.job_id).where(is_due).limit(1))
    if due is not None:
        delete_file(due)
    its = Job.id == MadeFile.job_id
    is_left = MadeFile.whole_at.is_(None) & exists().where(its, Job.state.not_in(UNFINISHED))
    left = session.scalar(select(MadeFile.job_id).where(is_left).limit(1))
    if left is not None:
        discard(left)
    return due is not None or left is not None


def piece_context(number: int) -> str:
    """Return what a piece is bound to; to its file it is by the key."""
    return f"piece:{number}"
