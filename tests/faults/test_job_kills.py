"""kill -9 during long work: it is begun again or has failed; no half file, and no mail twice."""

import random
from collections.abc import Iterable
from threading import Timer
from time import monotonic

import pytest
from sqlalchemy import delete, select

from petition.core.storage.database import transaction
from petition.jobs.models import JobState
from petition.outbox.models import OutboxMail
from petition.updates.models import Update
from tests.deliveries.making import handed_over
from tests.exports.writing.test_sheets import sign_often
from tests.factories import NOON
from tests.faults.files_in_making import (
    FILES,
    ROWS,
    Watched,
    at_rest,
    hold_against_its_record,
    start,
)
from tests.faults.visitors import wait_until
from tests.grounds.databases import KINDS
from tests.grounds.replays import Note
from tests.grounds.servers import Server, StartServer
from tests.updates.telling import as_recorded, told

READERS = 300
"""Who said yes to mail: some transactions of mails."""


def seconds_of(server: Server, numbers: Iterable[int]) -> list[float]:
    """Return how long each job takes a worker that nobody kills, from its claim on."""
    worker, took = start(server), []
    for number in numbers:
        job = Watched(number)
        wait_until(job.is_taken, "no worker takes the job")
        begun = monotonic()
        wait_until(job.is_over, "the job is not done")
        took.append(monotonic() - begun)
    worker.kill()
    worker.wait()
    return took


def kill_while_at(server: Server, job: Watched, delay: float) -> None:
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


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
def test_no_half_file_is_offered_and_none_made_twice_when_its_worker_is_killed(
    kind: str, start_server: StartServer, fault_rounds: int, dice: random.Random, note: Note
) -> None:
    server, whole = start_server(kind), 0
    with at_rest(server) as (ask, organiser):
        sign_often(ask, ROWS, at=NOON)
        took = seconds_of(server, (ask_for(ask, organiser) for ask_for in FILES.values()))
        for number in range(fault_rounds):
            which = number % len(FILES)
            job = Watched(list(FILES.values())[which](ask, organiser))
            kill_while_at(server, job, dice.random() * took[which])
            whole += hold_against_its_record(job)
    note(kills=fault_rounds, whole=whole, failed=fault_rounds - whole, half=0, twice=0)


def news_asked_for(organiser: int) -> Update:
    """Hand a petition over, and have those told who said yes."""
    return told(handed_over(organiser), organiser)


@pytest.mark.fault
@pytest.mark.usefixtures("only_at_length")
@pytest.mark.parametrize("kind", KINDS)
def test_news_are_written_to_each_signer_once_when_their_worker_is_killed(
    kind: str, start_server: StartServer, fault_rounds: int, dice: random.Random, note: Note
) -> None:
    server = start_server(kind)
    with at_rest(server) as (ask, organiser):
        sign_often(ask, READERS, at=NOON, mail_allowed=True)
        [took] = seconds_of(server, [news_asked_for(organiser).job_id])
        for _ in range(fault_rounds):
            update = news_asked_for(organiser)
            job = Watched(update.job_id)
            kill_while_at(server, job, dice.random() * took)
            assert job.state() is JobState.DONE
            with transaction() as writing:
                its = OutboxMail.news_of == update.id
                mails = writing.scalars(select(OutboxMail.origin).where(its)).all()
                writing.execute(delete(OutboxMail))
            assert len(mails) == len(set(mails)) == READERS
            assert as_recorded(update).mail_count == READERS
    note(kills=fault_rounds, mails=fault_rounds * READERS, lost=0, twice=0)
