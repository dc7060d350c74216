"""kill -9 while a file is made: it is begun again or has failed, and no half file is offered."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Timer
from time import monotonic

import pytest
from sqlalchemy import delete, func, select

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.pack.models import DeliveryPack
from petition.exports import actions as exports
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset
from petition.jobs import files
from petition.jobs.models import UNFINISHED, FilePiece, Job, JobState, MadeFile
from petition.outbox.models import Worker as Beat
from petition.petitions.asks import Ask, find_ask
from tests.deliveries.making import planned
from tests.deliveries.pack.asking import asked
from tests.exports.writing.test_sheets import sign_often
from tests.factories import SLUG, make_organiser
from tests.faults.looking import database_of
from tests.faults.visitors import wait_until
from tests.grounds.databases import KINDS
from tests.grounds.processes import WORKER, Running, begin
from tests.grounds.replays import Note
from tests.grounds.servers import Server, StartServer

ROWS = 2_500
"""Enough for several sheets of names, and for a file that is not made in an instant."""
RECORDS = (Export, DeliveryPack)
AskFor = Callable[[Ask, int], int]
"""Asks for a file in an organiser's name; returns the number of its job."""


def export(contents: Contents) -> AskFor:
    """Return what asks for an export."""

    def ask_for(ask: Ask, organiser: int) -> int:
        with transaction():
            made = exports.begin(ask.petition_id, organiser, "To look", contents, now())
        assert made.job_id is not None
        return made.job_id

    return ask_for


def pack(_ask: Ask, organiser: int) -> int:
    """Ask for a pack of a delivery."""
    today = now()  # the worker's clock is the machine's: what is signed today is in it
    return asked(planned(organiser, day=today.date(), at=today), organiser).job_id


FILES: dict[str, AskFor] = {
    "csv": export(Contents()),
    "xlsx": export(Contents(format=ExportFormat.XLSX)),
    "pdf": export(Contents(preset=ExportPreset.NAMES, format=ExportFormat.PDF)),
    "jsonl": export(Contents(format=ExportFormat.JSONL)),
    "pack": pack,
}


@dataclass
class Watched:
    """A job, and whether its file was ever offered before it was done."""

    number: int
    is_half: bool = False

    def state(self) -> JobState:
        """Look at it, and at its file, in one snapshot."""
        session.remove()
        its = MadeFile.job_id == Job.id
        looked = select(Job.state, MadeFile.whole_at).outerjoin(MadeFile, its)
        state, whole_at = session.execute(looked.where(Job.id == self.number)).one()
        session.remove()
        if whole_at is not None and state is not JobState.DONE:
            self.is_half = True
        return JobState(state)

    def is_taken(self) -> bool:
        """Whether a worker is at it, or has been."""
        return self.state() is not JobState.WAITING

    def is_over(self) -> bool:
        """Whether nobody is at it any more."""
        return self.state() not in UNFINISHED


def start(server: Server) -> Running:
    """Start a worker, with whoever was killed before it known to be dead."""
    with transaction() as writing:
        writing.execute(delete(Beat))
    return begin(WORKER, server.environment, server.log)


def seconds_of(server: Server, ask: Ask, organiser: int) -> dict[str, float]:
    """Return how long each file takes a worker that nobody kills, from its claim on."""
    worker, took = start(server), {}
    for name, ask_for in FILES.items():
        job = Watched(ask_for(ask, organiser))
        wait_until(job.is_taken, "no worker takes the job")
        begun = monotonic()
        wait_until(job.is_over, "the file is not made")
        took[name] = monotonic() - begun
    worker.kill()
    worker.wait()
    return took


def kill_while_making(server: Server, job: Watched, delay: float) -> None:
    """Kill the worker so long after its claim; let another one take over."""
    worker = start(server)
    wait_until(job.is_taken, "no worker takes the job")
    striking = Timer(delay, worker.kill)
    striking.start()
    wait_until(lambda: worker.poll() is not None or job.is_over(), "nothing happens")
    striking.join()
    worker.wait()
    other = start(server)
    wait_until(job.is_over, "nobody begins again what a dead worker has left")
    other.kill()
    other.wait()


def hold_against_its_record(job: Watched) -> bool:
    """Compare the file with what is recorded of it; true where it is whole."""
    assert not job.is_half, "a file was offered before its job was done"
    state = session.get_one(Job, job.number, populate_existing=True).state
    made = session.get(MadeFile, job.number, populate_existing=True)
    if state is JobState.FAILED:
        assert made is None, "something is left of a file that failed"
        return False
    assert (state, made is not None) == (JobState.DONE, True)
    assert made is not None
    content = b"".join(files.read(made))
    numbers = select(func.count(), func.max(FilePiece.number)).where(FilePiece.job_id == job.number)
    pieces, last = session.execute(numbers).one()
    sums = (
        select(kind.sha256, kind.row_count).where(kind.job_id == job.number) for kind in RECORDS
    )
    recorded = [tuple(row) for statement in sums for row in session.execute(statement)]
    session.remove()

    assert recorded == [(hashlib.sha256(content).hexdigest(), ROWS)]
    assert (pieces, len(content)) == (last + 1, made.size)
    return True


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
def test_no_half_file_is_offered_and_none_made_twice_when_its_worker_is_killed(
    kind: str, start_server: StartServer, fault_rounds: int, dice: random.Random, note: Note
) -> None:
    server = start_server(kind)
    server.kill()
    whole = 0
    with database_of(server):
        ask = find_ask(SLUG, "en")
        assert ask is not None
        organiser = make_organiser().id
        sign_often(ask, ROWS)
        took = seconds_of(server, ask, organiser)
        for number in range(fault_rounds):
            name = list(FILES)[number % len(FILES)]
            job = Watched(FILES[name](ask, organiser))
            kill_while_making(server, job, dice.random() * took[name])
            whole += hold_against_its_record(job)
    note(kills=fault_rounds, whole=whole, failed=fault_rounds - whole, half=0, twice=0)
