"""Files of every kind, asked for and watched while workers make them."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pyrage.x25519 import Identity
from sqlalchemy import delete, func, select

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.pack.models import DeliveryPack
from petition.exports import actions as exports
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset, ExportSplit
from petition.jobs import files
from petition.jobs.models import UNFINISHED, FilePiece, Job, JobState, MadeFile
from petition.outbox.models import Worker as Beat
from petition.petitions.asks import Ask, find_ask
from tests.deliveries.making import planned
from tests.deliveries.pack.asking import asked
from tests.factories import SLUG, make_organiser
from tests.faults.looking import database_of
from tests.grounds.processes import WORKER, Running, begin
from tests.grounds.servers import Server

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
    return asked(planned(organiser), organiser).job_id


SPLIT_AND_SEALED = Contents(
    split=ExportSplit.COUNTRY, encrypted_for=(str(Identity.generate().to_public()),)
)
FILES: dict[str, AskFor] = {
    "pack": pack,
    "csv": export(Contents()),
    "xlsx": export(Contents(format=ExportFormat.XLSX)),
    "pdf": export(Contents(preset=ExportPreset.NAMES, format=ExportFormat.PDF)),
    "jsonl": export(Contents(format=ExportFormat.JSONL)),
    "zip.age": export(SPLIT_AND_SEALED),
}
"""The pack first: it takes longest, and a run of a few kills is to have it."""


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


def hold_against_its_record(job: Watched) -> bool:
    """Compare the file with what is recorded of it; true where it is whole."""
    assert not job.is_half, "a file was offered before its job was done"
    state = session.get_one(Job, job.number, populate_existing=True).state
    made = session.get(MadeFile, job.number, populate_existing=True)
    numbers = select(func.count(), func.max(FilePiece.number)).where(FilePiece.job_id == job.number)
    pieces, last = session.execute(numbers).one()
    if state is JobState.FAILED:
        session.remove()
        assert (made, pieces) == (None, 0), "something is left of a file that failed"
        return False
    assert (state, made is not None) == (JobState.DONE, True)
    assert made is not None
    content = b"".join(files.read(made))
    sums = (
        select(kind.sha256, kind.row_count).where(kind.job_id == job.number) for kind in RECORDS
    )
    recorded = [tuple(row) for statement in sums for row in session.execute(statement)]
    session.remove()

    assert recorded == [(hashlib.sha256(content).hexdigest(), ROWS)]
    assert (pieces, len(content)) == (last + 1, made.size)
    return True


@contextmanager
def at_rest(server: Server) -> Iterator[tuple[Ask, int]]:
    """Stop an install and look into it; yield a petition of it, and an organiser's number."""
    server.kill()
    with database_of(server):
        ask = find_ask(SLUG, "en")
        assert ask is not None
        yield ask, make_organiser().id
