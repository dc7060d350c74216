"""What needs attention: for the machines that watch over an install, and for its organisers.

`/readyz` and the organisers' first page read the same list, CHECKS. To add a check, write a
function that takes the settings and returns None while all is well, else one sentence of plain
English for whoever runs the site: what is so, and what to do. It names nobody, since strangers may
call `/readyz` (which says only the check's name and a word). Put a `Check` with it into CHECKS, in
its order of importance:

    Check("keys_age", rotation_is_due, warns=True)

`warns=True` is for what is no reason to send people elsewhere: `/readyz` says "warning" and stays
at 200. The look runs in a thread of its own, outside of any request, at most once a second, and
within seconds: it asks the database briefly and nobody else. It may use `session`.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from config import Config
from petition.arrivals.actions import oldest_hour
from petition.audit.queries import was_changed
from petition.audit.verifying import is_end_whole
from petition.core.clock import now
from petition.core.keyring import sealing
from petition.core.keyring.journal import journal
from petition.core.keyring.keys import KeyFile
from petition.core.storage import sqlite_file
from petition.core.storage.database import engine
from petition.core.storage.fitness import FILE_GONE, why_unlike
from petition.core.storage.probe import takes_writes
from petition.letters.bounces.actions import refused_offices, suspect_offices
from petition.outbox.ceiling import was_reached
from petition.outbox.queries import a_worker_is_alive, due_since
from petition.safekeeping.rotation import why_keys_need_a_person

LONG_DUE = timedelta(minutes=15)
"""So long a mail that is due waits only where something is wrong."""
LONG_WAITING = timedelta(hours=2)
"""Only its hour is known of what has arrived."""
LEAST_SPACE = 500 * 1024**2
LOG_CHANGED_OF_LATE = timedelta(days=30)
"""For so long the first page says that somebody has changed the log; the log itself always does."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at."""

    name: str
    look: Callable[[Config], str | None]
    warns: bool = False
    """Whether the install is ready all the same."""
    carries_the_rest: bool = False
    """Whether those after it cannot be looked at where it fails."""


def _keys_open(config: Config) -> str | None:
    """Look whether the file holds what this process has; with other keys nothing opens."""
    KeyFile(config.instance / "keys.json").keys()
    return sealing.key_file().complaint or sealing.key_file().older


def _has_space(config: Config) -> str | None:
    free = shutil.disk_usage(config.instance).free
    if free >= LEAST_SPACE:
        return None
    return f"The disk of the instance folder has {free // 1024**2} MB left. Make room."


def _journal_takes_entries(_config: Config) -> str | None:
    try:
        journal().require_writable()
    except OSError as fault:
        why = os.strerror(fault.errno or 0)
        return f"The journal of erasures cannot be written ({why}): nobody can erase or withdraw."
    return None


def _file_is_ours(_config: Config) -> str | None:
    return FILE_GONE if sqlite_file.is_gone(engine()) else None


def _database_answers(_config: Config) -> str | None:
    with engine().connect() as connection:
        connection.execute(text("SELECT 1"))
    return None


def _takes_writes(_config: Config) -> str | None:
    return None if takes_writes() else "The database has lost the row by which we try to write."


def _worker_beats(_config: Config) -> str | None:
    if a_worker_is_alive(now()):
        return None
    return "No worker is running: nothing that people send is taken in, no mail leaves."


def _offices_take_our_mail(_config: Config) -> str | None:
    refusing = refused_offices(now())
    if not refusing:
        return None
    return (
        f"Mail servers of offices refuse ours ({refusing} in the last seven days): look whether it "
        "stands on a block list, and at SPF, DKIM and DMARC."
    )


def _offices_can_be_reached(_config: Config) -> str | None:
    waiting = suspect_offices()
    if not waiting:
        return None
    return (
        f"A letter came back or was refused, so nothing is sent to {waiting} of the offices until "
        "an organiser has looked at the page of recipients. What waits is kept."
    )


def _is_below_its_ceiling(config: Config) -> str | None:
    if not was_reached(now(), config.unconfirmed_mail):
        return None
    return (
        f"As many e-mails as may leave in an hour to people who have not confirmed anything yet "
        f"({config.unconfirmed_mail:,}) have left: further ones wait for the next hour, and none "
        "is lost. If people sign as fast as that and your mail server takes more, raise "
        "PETITION_UNCONFIRMED_MAIL; if it may be a program, look at the signatures on hold."
    )


def _mail_leaves(config: Config) -> str | None:
    since, at = due_since(now(), config.unconfirmed_mail), now()
    if since is None or at - since < LONG_DUE:
        return None
    return (
        f"Mail has been due for {(at - since).total_seconds() / 60:,.0f} minutes and has not left. "
        "None is lost: look whether the mail server of MAIL_SERVER answers; the worker's log says "
        "what it answered last."
    )


def _arrivals_are_taken_in(_config: Config) -> str | None:
    since = oldest_hour()
    if since is None or now() - since < LONG_WAITING:
        return None
    return (
        "What people sent has waited for more than an hour. See whether a worker runs, and what "
        "its log says. What cannot be taken in for a week is forgotten."
    )


def _log_is_whole(_config: Config) -> str | None:
    of_late = (now() - LOG_CHANGED_OF_LATE).date()
    if is_end_whole() and not was_changed(of_late):
        return None
    return (
        "The log of who did what was changed from outside. Run "
        "`flask --app petition audit verify`, and find out who had access to the database."
    )


def _keys_change_in_time(config: Config) -> str | None:
    return why_keys_need_a_person(timedelta(days=config.key_days))


CHECKS = (
    Check("keys", _keys_open),
    Check("space", _has_space, warns=True),
    Check("journal", _journal_takes_entries),
    Check("file", _file_is_ours),
    Check("database", _database_answers, carries_the_rest=True),
    Check("migrations", lambda _config: why_unlike(), carries_the_rest=True),
    Check("writes", _takes_writes),
    Check("worker", _worker_beats),
    Check("arrivals", _arrivals_are_taken_in, warns=True),
    Check("mail", _mail_leaves, warns=True),
    Check("keys_age", _keys_change_in_time, warns=True),
    Check("refusals", _offices_take_our_mail, warns=True),
    Check("offices", _offices_can_be_reached, warns=True),
    Check("unconfirmed_mail", _is_below_its_ceiling, warns=True),
    Check("audit", _log_is_whole, warns=True),
)
