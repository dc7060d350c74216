"""Verbs of jobs: ask, claim, and what became of it. None of them commits.

A claim is fenced: whatever is noted of a job names the worker that claimed it and how often it had
been begun then. So what a worker notes that was held for dead, or whose job was cancelled, changes
nothing, and it learns of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select, update

from petition.core.storage.database import rows_of, session
from petition.jobs.models import UNFINISHED, Job, JobFailure, JobState
from petition.outbox.actions import WORKER_SILENT_AFTER
from petition.outbox.models import Worker

MOST_CLAIMS = 3
"""A job over which so many workers have died is given up: it may be what kills them."""
_jobs = rows_of(Job)


class NoLongerOurs(RuntimeError):
    """The job was cancelled, or another worker has begun it again."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker, and no other, is at."""

    id: int
    kind: str
    worker: str
    number: int
    """How often it was begun, this time included."""


def ask(kind: str, organiser_id: int, at: datetime) -> Job:
    """Ask for a job; a worker begins it once the transaction has committed."""
    job = Job(kind=kind, organiser_id=organiser_id, asked_at=at, state=JobState.WAITING)
    session.add(job)
    session.flush()
    return job


def claim(worker: str, kinds: Collection[str], at: datetime) -> Claim | None:
    """Claim the job of these kinds that was asked for first; also one whose worker fell silent.

    One that this worker has left over from a fault of the database it goes on with, uncounted.
    """
    ours = _jobs.c.claimed_by == worker
    is_alive = exists().where(
        Worker.id == _jobs.c.claimed_by, Worker.beat_at > at - WORKER_SILENT_AFTER
    )
    is_free = or_(_jobs.c.state == JobState.WAITING, ours, ~is_alive)
    is_due = _jobs.c.state.in_(UNFINISHED), _jobs.c.kind.in_(kinds), is_free
    found = select(_jobs).where(*is_due).order_by(_jobs.c.id).limit(1)
    row = session.execute(found.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    if row.claims == MOST_CLAIMS and row.claimed_by != worker:
        _change(_jobs.c.id == row.id, **_failed(JobFailure.LOST, at))
        return None
    number = row.claims + (row.claimed_by != worker)
    begun = {"claimed_by": worker, "claims": number, "steps_done": 0}
    _change(_jobs.c.id == row.id, state=JobState.RUNNING, **begun)
    return Claim(row.id, row.kind, worker, number)


def note(claim: Claim, steps_done: int, steps: int) -> None:
    """Note how far it is, of how much in all. Raises NoLongerOurs."""
    _note(claim, steps_done=steps_done, steps=steps)


def finish(claim: Claim, at: datetime) -> None:
    """Note that it is done. Raises NoLongerOurs."""
    _note(claim, state=JobState.DONE, claimed_by=None, ended_at=at)


def fail(claim: Claim, failure: JobFailure, at: datetime) -> None:
    """Give it up. Raises NoLongerOurs."""
    _note(claim, **_failed(failure, at))


def give_back(claim: Claim) -> None:
    """Let another worker begin it: this one stops in good order. Raises NoLongerOurs."""
    _note(claim, state=JobState.WAITING, claimed_by=None, claims=claim.number - 1)


def cancel(job_id: int, at: datetime) -> bool:
    """Cancel a job; false where it had ended before. Its worker learns of it at its next note."""
    is_it = and_(_jobs.c.id == job_id, _jobs.c.state.in_(UNFINISHED))
    return _change(is_it, state=JobState.CANCELLED, claimed_by=None, ended_at=at)


def cancel_all(kind: str, at: datetime) -> None:
    """Cancel every job of a kind that is not done, so that none is gone on with."""
    open_ones = and_(_jobs.c.kind == kind, _jobs.c.state.in_((*UNFINISHED, JobState.FAILED)))
    _change(open_ones, state=JobState.CANCELLED, claimed_by=None, failure=None, ended_at=at)


def _failed(failure: JobFailure, at: datetime) -> dict[str, Any]:
    return {"state": JobState.FAILED, "claimed_by": None, "failure": failure, "ended_at": at}


def _note(claim: Claim, **values: object) -> None:
    is_still_ours = and_(
        _jobs.c.id == claim.id,
        _jobs.c.claimed_by == claim.worker,
        _jobs.c.claims == claim.number,
    )
    if not _change(is_still_ours, **values):
        raise NoLongerOurs


def _change(which: Any, **values: object) -> bool:
    changed = session.execute(update(_jobs).where(which).values(**values))
    return bool(changed.rowcount)  # type: ignore[attr-defined]
