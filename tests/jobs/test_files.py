"""A file is offered when it is whole, is read from any place, and is gone with its key."""

import hashlib
import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.jobs import actions as jobs
from petition.jobs import files
from petition.jobs.actions import Claim
from petition.jobs.files import PIECE_BYTES, FileGone, FileInMaking
from petition.jobs.models import FilePiece, MadeFile
from tests.factories import make_organiser, rows

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(hours=24)
SEAL_BYTES = 12 + 16
"""The nonce and the tag of AES-GCM."""
CONTENT = bytes(range(251)) * (3 * PIECE_BYTES // 251)


def claimed() -> Claim:
    """Return a job that a worker is at."""
    organiser = make_organiser().id
    with transaction():
        jobs.ask("count", organiser, now())
        found = jobs.claim("one", ["count"], now())
    assert found is not None
    return found


def made(content: bytes = CONTENT, claim: Claim | None = None) -> MadeFile:
    """Return a file with this content."""
    file = FileInMaking(claim or claimed())
    with transaction():
        file.begin()
    for start in range(0, len(content), 100_000):
        file.write(content[start : start + 100_000])
        if file.has_full_piece:
            with transaction():
                file.keep(file.full_pieces())
    with transaction():
        file.offer(now(), DAY)
    return newest()


def newest() -> MadeFile:
    """Return the file that was begun last."""
    found = session.query(MadeFile).order_by(MadeFile.job_id.desc()).first()
    assert found is not None
    session.refresh(found)
    return found


def read(file: MadeFile, start: int = 0) -> bytes:
    """Return a file from one of its bytes on."""
    return b"".join(files.read(file, start))


def test_what_was_written_is_read_and_has_its_size_and_sum() -> None:
    file = made()

    assert read(file) == CONTENT
    assert (file.size, file.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert rows(FilePiece) == 3


@pytest.mark.parametrize("content", [b"", b"x", CONTENT[:PIECE_BYTES], CONTENT[: PIECE_BYTES + 1]])
def test_a_file_may_be_of_any_size(content: bytes) -> None:
    assert read(made(content)) == content


def test_it_is_read_from_any_byte_on() -> None:
    file = made()

    @given(st.integers(0, len(CONTENT)))
    @settings(max_examples=30)
    def from_any(start: int) -> None:
        assert read(file, start) == CONTENT[start:]

    from_any()


def test_nothing_of_it_stands_in_the_database_in_the_clear() -> None:
    made(b"Nadia Sample " * 100)

    [piece] = session.query(FilePiece).all()
    assert b"Nadia" not in piece.content


def test_what_packs_well_takes_less_room_and_what_does_not_takes_no_more_than_it_is() -> None:
    dense = random.Random(1).randbytes(PIECE_BYTES)
    mixed = CONTENT[:PIECE_BYTES] + dense + CONTENT[:PIECE_BYTES] + b"end"

    file = made(mixed)
    assert read(file, PIECE_BYTES - 1) == mixed[PIECE_BYTES - 1 :]
    kept = session.query(FilePiece).filter_by(job_id=file.job_id).order_by(FilePiece.number)
    first, second, third, last = (len(piece.content) for piece in kept)
    assert first == third < PIECE_BYTES // 10
    assert (second, last) == (PIECE_BYTES + SEAL_BYTES, len(b"end") + SEAL_BYTES)


def test_a_file_in_making_is_not_offered() -> None:
    file = FileInMaking(claimed())
    with transaction():
        file.begin()
    file.write(CONTENT)
    with transaction():
        file.keep(file.full_pieces())

    with pytest.raises(FileGone):
        read(newest())


def test_a_file_that_is_begun_again_has_nothing_of_the_one_before() -> None:
    claim = claimed()
    unfinished = FileInMaking(claim)
    with transaction():
        unfinished.begin()
        unfinished.write(CONTENT)
        unfinished.keep(unfinished.full_pieces())

    assert read(made(b"short", claim)) == b"short"
    assert rows(FilePiece) == 1


def test_a_piece_in_the_place_of_another_does_not_open() -> None:
    file = made()
    with transaction():
        first, second = session.query(FilePiece).order_by(FilePiece.number).limit(2)
        first.content = second.content

    with pytest.raises(FileGone):
        read(file)


def test_a_deleted_file_is_gone_and_what_it_was_stays_known() -> None:
    number = made().job_id
    with transaction():
        files.delete_file(number)

    gone = newest()
    assert (gone.size, rows(FilePiece)) == (len(CONTENT), 0)
    with pytest.raises(FileGone):
        read(gone)


def test_files_whose_time_is_up_are_deleted_and_no_other() -> None:
    made(b"one")
    with transaction():
        assert not files.purge(now() + DAY - timedelta(minutes=1))
    assert read(newest()) == b"one"

    with transaction():
        assert files.purge(now() + DAY)
    with transaction():
        assert not files.purge(now() + DAY)
    assert rows(FilePiece) == 0
