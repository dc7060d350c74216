"""The part of a worker that does long work: one job after another, with progress."""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from config import Config
from petition.core.clock import now
from petition.core.log import log
from petition.core.storage.database import session, transaction
from petition.core.storage.database_faults import Fault, fault_of
from petition.deliveries.pack.writing import making as packs
from petition.deliveries.pack.writing.about import Site
from petition.exports.writing import making as exports
from petition.jobs import actions as jobs
from petition.jobs import files
from petition.jobs.actions import Claim, NoLongerOurs
from petition.jobs.files import FileInMaking
from petition.jobs.models import JobFailure
from petition.jobs.work import Rows, Work
from petition.links.letterhead import Letterhead
from petition.updates import mailing

NOTE_SECONDS = 0.5
"""How often it is noted how far a job is: somebody looks on."""
BREATH_SECONDS = 0.05
"""Between two writes, in which others write."""
WAIT_SECONDS = 1.0
"""Before it is looked again whether what was written is used up."""


Begun = Mapping[str, Callable[[int], Work | Rows]]
"""What begins a job of each kind."""


class Stopped(Exception):
    """The worker stops in good order."""


class JobDesk:
    """Does the jobs of some kinds."""

    def __init__(self, worker: str, kinds: Begun, stopped: threading.Event) -> None:
        self._worker, self._kinds, self._stopped = worker, kinds, stopped

    def do_one(self) -> bool:
        """Do the job that was asked for first; true when there may be more."""
        with transaction():
            claim = jobs.claim(self._worker, list(self._kinds), now())
        if claim is None:
            return False
        try:
            self._see_through(claim)
        except NoLongerOurs:  # cancelled, or begun by another
            log.info("a job is no longer this worker's", extra={"fields": {"job": claim.id}})
        return True

    def _see_through(self, claim: Claim) -> None:
        """Do it, give it back or give it up. Raises NoLongerOurs."""
        try:
            work = self._kinds[claim.kind](claim.id)
            if isinstance(work, Rows):
                self._write(claim, work)
            else:
                self._make(claim, work, FileInMaking(claim))
        except NoLongerOurs:
            raise
        except Stopped:
            self._leave(claim)
        except Exception as fault:
            self._give_up(claim, fault)

    def _write(self, claim: Claim, work: Rows) -> None:
        """Let it write, each time only while the job is ours, and nobody waits long meanwhile."""
        more = True
        while more:
            if self._stopped.is_set():
                raise Stopped
            if waits := work.waits(now()):
                session.commit()
            with transaction():
                jobs.note(claim, work.done, work.steps)
                more = waits or work.write_some(now())
                if not more:
                    jobs.note(claim, work.done, work.done)
                    jobs.finish(claim, now())
            self._stopped.wait(WAIT_SECONDS if waits else BREATH_SECONDS)

    def _make(self, claim: Claim, work: Work, file: FileInMaking) -> None:
        """Make its file, and offer it."""
        with transaction():
            jobs.note(claim, 0, work.steps)
            file.begin()
        done = self._run(claim, work, file)
        with transaction():
            jobs.note(claim, done, done)  # ours still, before anything is written
            at = now()
            work.finish(file.offer(at, work.keep), at)
            jobs.finish(claim, at)

    def _run(self, claim: Claim, work: Work, file: FileInMaking) -> int:
        """Do the steps and return how many; a thread beside keeps what was made, in its order."""
        done, noted, noted_at, noting = 0, 0, -math.inf, None
        with ThreadPoolExecutor(1, "noting") as beside:
            for step in work.run():
                file.write(step.data)
                done = step.done
                if self._stopped.is_set():
                    raise Stopped
                moment = time.monotonic()
                is_first = done > noted == 0  # what is seen of it first is told at once
                if file.has_full_piece or moment - noted_at > NOTE_SECONDS or is_first:
                    noted, noted_at = done, moment
                    if noting is not None:
                        noting.result()
                    steps = max(done, work.steps)
                    noting = beside.submit(_note, claim, done, steps, file, file.full_pieces())
            if noting is not None:
                noting.result()
        return done

    def _leave(self, claim: Claim) -> None:
        with transaction():
            jobs.give_back(claim)
            files.discard(claim.id)

    def _give_up(self, claim: Claim, fault: Exception) -> None:
        """Note why it cannot be done. Where the database is away, it is begun again later."""
        session.rollback()
        why = fault_of(fault)
        if why is not None and why is not Fault.FULL:
            raise fault
        log.error("a job cannot be done", exc_info=fault, extra={"fields": {"job": claim.id}})
        with transaction():
            failure = JobFailure.NO_ROOM if why is Fault.FULL else JobFailure.FAULT
            jobs.fail(claim, failure, now())
            files.discard(claim.id)


def _note(claim: Claim, done: int, steps: int, file: FileInMaking, pieces: Sequence[bytes]) -> None:
    """Note how far it is, and keep what was made. Raises NoLongerOurs."""
    try:
        with transaction():
            jobs.note(claim, done, steps)
            file.keep(pieces)
    finally:
        session.remove()


def of_files(config: Config, worker: str, stopped: threading.Event) -> JobDesk:
    """Return what makes exports and packs."""
    keep = timedelta(hours=config.file_hours)
    site = Site(config.site_name, config.url)
    return JobDesk(worker, {**exports.kinds(keep), **packs.kinds(keep, site)}, stopped)


def of_mailings(config: Config, worker: str, stopped: threading.Event) -> JobDesk:
    """Return what writes news; that takes as long as their mail, and no file waits for it."""
    letterhead = partial(Letterhead, config.site_name, config.url)
    return JobDesk(worker, mailing.kinds(letterhead), stopped)
