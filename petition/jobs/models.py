"""Tables: jobs, the files that come of them, and the sealed pieces of these."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import (
    Box,
    Digest,
    Id,
    KeyId,
    UtcDateTime,
    big_id,
    enum_of,
    rows_where,
)
from petition.core.storage.database import Base


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobFailure(StrEnum):
    """Why a job was given up."""

    NO_ROOM = "no_room"
    """The disk or the database is full."""
    FAULT = "fault"
    """The program could not do it; the log says more."""
    LOST = "lost"
    """Its worker died over it, again and again."""


class FileState(StrEnum):
    """What there is of the file that a job makes."""

    MAKING = "making"
    READY = "ready"
    GONE = "gone"
    FAILED = "failed"
    CANCELLED = "cancelled"


OF_A_JOB = {
    JobState.WAITING: FileState.MAKING,
    JobState.RUNNING: FileState.MAKING,
    JobState.FAILED: FileState.FAILED,
    JobState.CANCELLED: FileState.CANCELLED,
}
UNFINISHED = (JobState.WAITING, JobState.RUNNING)
IS_UNFINISHED = "state IN ('waiting', 'running')"


class Job(Base):
    """One piece of long work."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("(state = 'running') = (claimed_by IS NOT NULL)", name="runs_when_claimed"),
        CheckConstraint(f"({IS_UNFINISHED}) = (ended_at IS NULL)", name="ends_with_a_time"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="fails_with_a_cause"),
        CheckConstraint("steps_done >= 0 AND steps >= 0 AND claims >= 0", name="counts_up"),
        Index("ix_job_unfinished", "id", **rows_where(IS_UNFINISHED)),
        {"sqlite_autoincrement": True},  # a number must never be another's: its file is bound to it
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    """Which part does it."""
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"), index=True)
    """Who asked for it."""
    asked_at: Mapped[UtcDateTime]
    state: Mapped[JobState] = mapped_column(enum_of(JobState, "job_state"))
    steps_done: Mapped[int] = mapped_column(BigInteger, default=0)
    steps: Mapped[int] = mapped_column(BigInteger, default=0)
    """How many there are in all, as far as that is known."""
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    """The worker that is at it."""
    claims: Mapped[int] = mapped_column(default=0)
    """How often it was begun."""
    ended_at: Mapped[UtcDateTime | None]
    failure: Mapped[JobFailure | None] = mapped_column(enum_of(JobFailure, "job_failure"))


class MadeFile(Base):
    """A file that a job makes: sealed pieces under a key of their own.

    Without the key nothing opens them: to delete it deletes the file.
    """

    __tablename__ = "made_file"
    __table_args__ = (
        CheckConstraint("(file_key IS NULL) = (file_key_key IS NULL)", name="key_has_its_key"),
        CheckConstraint(
            "(whole_at IS NULL) = (sha256 IS NULL) AND (whole_at IS NULL) = (gone_after IS NULL)",
            name="whole_with_its_sum",
        ),
        Index("ix_made_file_gone_after", "gone_after"),
    )

    job_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("job.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    file_key: Mapped[Box | None]
    """Sealed; absent once the file is deleted."""
    file_key_key: Mapped[KeyId | None]
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    """In bytes."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the whole file, in hexadecimal."""
    whole_at: Mapped[UtcDateTime | None]
    gone_after: Mapped[UtcDateTime | None]
    seen_at: Mapped[UtcDateTime | None]
    """When whoever asked for it saw that it is ready; until then they are told so."""

    def is_there(self, at: datetime) -> bool:
        """Whether it can be read."""
        in_time = self.gone_after is not None and at < self.gone_after
        return in_time and self.file_key is not None


class FilePiece(Base):
    """A mebibyte of a file, sealed; the last piece is shorter."""

    __tablename__ = "file_piece"

    job_id: Mapped[int] = mapped_column(
        big_id,
        ForeignKey("made_file.job_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 0."""
    content: Mapped[Box]


class Download:
    """What each table of downloads has: somebody took a file away, or was let to, with a code."""

    id: Mapped[Id]
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    session_hash: Mapped[Digest]
    """Whose session it was; in no other the file opens by this."""
    at: Mapped[UtcDateTime]


def file_state(job: Job, file: MadeFile | None, at: datetime) -> FileState:
    """Return what there is of a job's file."""
    if job.state is not JobState.DONE:
        return OF_A_JOB[job.state]
    return FileState.READY if file is not None and file.is_there(at) else FileState.GONE


def file_key_context(job_id: int) -> str:
    """Return the context to which the key of a file is bound."""
    return f"file:{job_id}"


def _context(file: MadeFile) -> str:
    return file_key_context(file.job_id)


SEALED_COLUMNS = ((MadeFile, "file_key", "file_key_key", _context),)
