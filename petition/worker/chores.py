"""The part of a worker that deletes what is past its time, and sees whether the counts agree."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from petition.arrivals import actions as arrivals
from petition.arrivals import budgets
from petition.core.clock import now
from petition.core.keyring.journal import journal
from petition.core.log import log
from petition.core.storage.database import session, transaction
from petition.jobs import files
from petition.letters import answers, removals
from petition.letters.drafting.drafts import purge_drafts
from petition.links import hours
from petition.links.letterhead import Letterhead
from petition.organisers import actions as organisers
from petition.outbox import actions as outbox
from petition.outbox.clock_back import make_due
from petition.outbox.queries import an_older_worker_is_alive
from petition.safekeeping.tallies import drifts
from petition.signatures.removals import PURGED_AT_ONCE, purge_pending, purge_words
from petition.supporters.actions import purge_allowances

PURGES: tuple[Callable[[datetime], bool], ...] = (
    lambda at: purge_pending(at) == PURGED_AT_ONCE,
    purge_words,
    hours.purge,
    purge_allowances,
    outbox.purge,
    arrivals.purge,
    files.purge,
    budgets.purge,
    removals.purge,
    purge_drafts,
)
"""Each deletes some of what is past its time, and says whether there may be more: where one writes
at once, people who sign meanwhile must not wait."""


def do_chores(
    worker: str,
    letterhead: Callable[[str], Letterhead],
    stopped: threading.Event,
    *,
    backups_kept: timedelta,
) -> None:
    """Do all of it once, or until told to stop; `letterhead` gives that of a language.

    Of several workers the oldest does it, and each once when it begins; but this host's journal
    is beside its keys, and no other worker's.
    """
    journal().purge(now() - backups_kept)
    if an_older_worker_is_alive(worker, now()):
        session.remove()
        return

    def until_done(work: Callable[[datetime], bool]) -> None:
        more = True
        while more and not stopped.is_set():
            with transaction():
                more = work(now())

    for work in PURGES:
        until_done(work)
    with transaction():
        organisers.purge(now())
        make_due(now())
    until_done(lambda at: answers.ask_about_answers(letterhead, at) > 0)
    for drift in drifts():
        fields = {"of": drift.of, "tally": drift.total, "rows": drift.rows}
        log.error("tally drift", extra={"fields": fields})
