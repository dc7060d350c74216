"""The part of a worker that deletes what is past its time, and sees whether the counts agree."""

import threading
from collections.abc import Callable
from datetime import timedelta

from petition.core.clock import now
from petition.core.database import transaction
from petition.core.journal import journal
from petition.core.log import log
from petition.letters import afterwards
from petition.letters import links as letter_links
from petition.letters.drafts import purge_drafts
from petition.letters.links import LetterLetterhead
from petition.organisers import actions as organisers
from petition.outbox import actions as outbox
from petition.signatures import links as signature_links
from petition.signatures.removals import PURGED_AT_ONCE, purge_pending
from petition.signatures.tally import drifts
from petition.supporters.actions import purge_allowances


def tidy_up(
    letterhead: Callable[[str], LetterLetterhead],
    stopped: threading.Event,
    *,
    backups_kept: timedelta,
) -> None:
    """Do all of it once, or until told to stop; `letterhead` gives that of a language."""
    while not stopped.is_set():
        with transaction():
            purged = purge_pending(now())
        if purged < PURGED_AT_ONCE:
            break
    with transaction():
        signature_links.purge_links(now())
        purge_allowances(now())
        organisers.purge(now())
        outbox.purge(now())
    _tidy_letters(letterhead, stopped)
    journal().purge(now() - backups_kept)
    for drift in drifts():
        fields = {"petition": drift.petition_id, "tally": drift.tallied, "rows": drift.rows}
        log.error("tally drift", extra={"fields": fields})


def _tidy_letters(letterhead: Callable[[str], LetterLetterhead], stopped: threading.Event) -> None:
    more = True
    while more and not stopped.is_set():
        with transaction():
            more = afterwards.tidy(now())
    more = True
    while more and not stopped.is_set():
        with transaction():
            more = bool(afterwards.ask_about_answers(letterhead, now()))
    with transaction():
        letter_links.purge_links(now())
        purge_drafts(now())
