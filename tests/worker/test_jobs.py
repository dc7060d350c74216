"""A worker does jobs with progress; what breaks it off leaves no half file, and a clear state."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.jobs import actions as jobs
from petition.jobs import files
from petition.jobs.files import PIECE_BYTES
from petition.jobs.models import FilePiece, Job, JobFailure, JobState, MadeFile
from petition.jobs.work import Rows, Step, Whole
from petition.worker.jobs import JobDesk
from tests.factories import make_organiser, rows
from tests.faults.visitors import wait_until

pytestmark = pytest.mark.usefixtures("database")
PIECES = 3


class Counting:
    """Writes some pieces; what happens between them is the test's."""

    steps = PIECES
    keep = timedelta(hours=1)

    def __init__(self, between: Callable[[], None]) -> None:
        self._between = between
        self.finished: list[Whole] = []

    def run(self) -> Iterator[Step]:
        """Write them."""
        for number in range(PIECES):
            yield Step(number + 1, b"x" * PIECE_BYTES)
            self._between()

    def finish(self, made: Whole, at: datetime) -> None:
        """Keep what was made."""
        self.finished.append(made)


def ask() -> int:
    """Ask for a job; return its number."""
    organiser = make_organiser().id
    with transaction():
        return jobs.ask("count", organiser, now()).id


def job(number: int) -> Job:
    """Return a job as it is now."""
    found = session.get_one(Job, number, populate_existing=True)
    session.commit()
    return found


def desk(work: Counting, stopped: threading.Event | None = None) -> JobDesk:
    """Return the desk of a worker that knows how to count."""
    return JobDesk("one", {"count": lambda _number: work}, stopped or threading.Event())


def test_a_job_is_done_and_its_file_offered() -> None:
    number, work = ask(), Counting(lambda: None)

    assert desk(work).do_one()
    assert (job(number).state, job(number).steps_done) == (JobState.DONE, PIECES)
    file = session.get_one(MadeFile, number)
    assert sum(map(len, files.read(file))) == PIECES * PIECE_BYTES
    assert [made.sha256 for made in work.finished] == [file.sha256]
    assert not desk(work).do_one()


def test_its_progress_is_seen_while_it_runs() -> None:
    number, done = ask(), count(1)

    def look() -> None:
        so_far = next(done)
        wait_until(lambda: job(number).steps_done == so_far, f"step {so_far} is not noted")
        assert job(number).steps == PIECES

    desk(Counting(look)).do_one()

    assert next(done) == PIECES + 1


def test_the_first_that_is_done_is_seen_at_once() -> None:
    number, seen = ask(), list[int]()

    class Slow(Counting):
        def run(self) -> Iterator[Step]:
            yield Step(0, b"the head of the file")
            yield Step(1, b"the first row")
            wait_until(lambda: job(number).steps_done == 1, "the first row is not noted")
            seen.append(job(number).steps_done)

    desk(Slow(lambda: None)).do_one()

    assert seen == [1]


def test_a_job_that_is_cancelled_stops_and_leaves_nothing() -> None:
    number = ask()

    def cancel() -> None:
        with transaction():
            jobs.cancel(number, now())
            files.discard(number)

    work = Counting(cancel)
    desk(work).do_one()

    assert (job(number).state, work.finished) == (JobState.CANCELLED, [])
    assert rows(FilePiece) == rows(MadeFile) == 0


def test_a_worker_that_is_told_to_stop_gives_its_job_back() -> None:
    number, stopped = ask(), threading.Event()
    work = Counting(stopped.set)
    desk(work, stopped).do_one()

    assert (job(number).state, job(number).claims) == (JobState.WAITING, 0)
    assert rows(FilePiece) == rows(MadeFile) == 0


@pytest.mark.parametrize("also", ["stops", "breaks"])
def test_a_worker_that_stops_or_breaks_over_a_cancelled_job_says_nothing_of_it(also: str) -> None:
    number, stopped = ask(), threading.Event()

    def cancel() -> None:
        with transaction():
            jobs.cancel(number, now())
            files.discard(number)
        if also == "breaks":
            raise ZeroDivisionError
        stopped.set()

    assert desk(Counting(cancel), stopped).do_one()
    assert job(number).state == JobState.CANCELLED


class Adding(Rows):
    """Writes a row at a time; what happens between them is the test's."""

    steps = PIECES
    done = 0

    def __init__(self, between: Callable[[], None]) -> None:
        self._between = between
        self.waited = 0

    def waits(self, at: datetime) -> bool:
        """Wait once."""
        self._between()
        self.waited += 1
        return self.waited == 1

    def write_some(self, at: datetime) -> bool:
        """Write one."""
        self.done += 1
        return self.done < PIECES


def test_a_job_that_writes_rows_makes_no_file_and_waits_until_they_are_used_up() -> None:
    number, work = ask(), Adding(lambda: None)

    assert JobDesk("one", {"count": lambda _number: work}, threading.Event()).do_one()
    found = job(number)
    assert (found.state, found.steps_done, found.steps) == (JobState.DONE, PIECES, PIECES)
    assert (work.done, work.waited) == (PIECES, PIECES + 1)
    assert rows(MadeFile) == 0


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_job_that_is_cancelled_or_given_back_writes_no_more(cancelled: bool) -> None:
    number, stopped = ask(), threading.Event()

    def end() -> None:
        if work.done < 1:
            return
        if cancelled:
            with transaction():
                jobs.cancel(number, now())
        else:
            stopped.set()

    work = Adding(end)
    JobDesk("one", {"count": lambda _number: work}, stopped).do_one()

    assert job(number).state == (JobState.CANCELLED if cancelled else JobState.WAITING)
    assert work.done == (1 if cancelled else 2)


def test_a_fault_of_the_program_fails_the_job_and_leaves_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def break_down() -> None:
        raise ZeroDivisionError

    number = ask()
    desk(Counting(break_down)).do_one()

    assert (job(number).state, job(number).failure) == (JobState.FAILED, JobFailure.FAULT)
    assert rows(FilePiece) == rows(MadeFile) == 0
    assert "a job cannot be done" in caplog.text


def test_a_job_whose_subject_is_gone_fails_and_the_next_one_is_done() -> None:
    def gone(number: int) -> Counting:
        raise LookupError(number)

    first, second = ask(), ask()
    kinds = {"count": lambda n: gone(n) if n == first else Counting(lambda: None)}
    worker = JobDesk("one", kinds, threading.Event())

    assert worker.do_one()
    assert worker.do_one()
    assert (job(first).state, job(second).state) == (JobState.FAILED, JobState.DONE)
