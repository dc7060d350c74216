"""A backup put back: looked at first, onto nothing that runs, and settled before it is used."""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from petition.audit.noting import begin_log, has_place_for_log
from petition.core.clock import now
from petition.core.counting import counted
from petition.core.keyring import sealing
from petition.core.keyring.installed import is_installed, require_its_keys
from petition.core.keyring.journal import Entry, Journal, Read, journal
from petition.core.keyring.keys import KeyFile, Keys, keep_names
from petition.core.storage import database
from petition.core.storage.database import is_sqlite, transaction
from petition.core.storage.ledger import Drift
from petition.core.storage.migrating import upgrade
from petition.safekeeping import postgres_dumps, sqlite_copies
from petition.safekeeping.backup import alone, read
from petition.safekeeping.contents import Contents, Unfit
from petition.safekeeping.settling import Settled, settle
from petition.safekeeping.tallies import count_anew, drifts, take_in

REPLACED = ".replaced"
IN_USE = "Something uses the database: stop web servers and workers on every host."
LEAVE_WITHIN = 3.0
"""Seconds in which a server notices that somebody, this process too, has hung up."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what was done to it."""

    contents: Contents
    settled: Settled
    lost: int
    """Sealed values that no key opens."""
    has_journal: bool
    """Whether there was any journal."""
    broken_lines: int
    """Lines of journals that cannot be read."""
    replaced: Path | None
    """Where the database is that was there before."""
    recounted: Sequence[Drift]
    """Totals that did not agree with the rows, as they were before all were counted anew."""


def restore(
    database_url: str,
    path: Path,
    *,
    journals: Sequence[Path] = (),
    keys: Path | None = None,
    without_lost: bool = False,
) -> Restored:
    """Put a backup in the place of the database in use, and settle it.

    `journals` are those of other hosts; that of this one is read anyhow. `keys` is a key file of
    the backup's time. Raises Unfit, and has changed nothing then.
    """
    with alone():
        return _restore(database_url, path, journals, keys, without_lost=without_lost)


def _restore(
    database_url: str,
    path: Path,
    journals: Sequence[Path],
    keys: Path | None,
    *,
    without_lost: bool,
) -> Restored:
    database.look_first(require_its_keys, instead=True)  # what was cut off is mended here
    contents = read(path)
    contents.require_ours()
    require_rest(database_url)
    ring = _fitting(contents, keys)
    lost = contents.lost(ring)
    if lost and not without_lost:
        one, many = "sealed value of the backup opens", "sealed values of the backup open"
        raise Unfit(
            f"{counted(lost, one, many)} with no key that is here: keys were dropped since. Give "
            "the key file of that time with --keys, or go on with --without-lost."
        )
    read_journals = _journals(journals)
    entries, broken = _wishes(read_journals)
    with _using(ring), _in_place(database_url, path) as replaced:
        had_log = has_place_for_log()
        upgrade()
        if not had_log:
            with transaction():
                begin_log(now())
        with transaction():
            settled = settle(entries, now())
        recounted = _bring_tally_up_to_date()
    return Restored(contents, settled, lost, bool(read_journals), broken, replaced, recounted)


def require_rest(database_url: str) -> None:
    """See that nothing uses the database, or will in a moment. Raises Unfit."""
    database.session.remove()
    database.engine().dispose()
    until = time.monotonic() + LEAVE_WITHIN
    while _is_used(database_url):
        if time.monotonic() > until:
            raise Unfit(IN_USE)
        time.sleep(0.05)


def _is_used(database_url: str) -> bool:
    if is_sqlite():
        return sqlite_copies.is_in_use(Path(make_url(database_url).database or ""))
    return postgres_dumps.others_connected() > 0


def _fitting(contents: Contents, path: Path | None) -> Keys:
    """Return the keys in use, with those of another file beside them. Raises Unfit."""
    present = sealing.keys(fresh=True)
    given = KeyFile(path).keys() if path else None
    if contents.belongs_to(present):
        if given is None:
            return present
        if not contents.belongs_to(given):
            raise Unfit("The given key file is of another install.")
        return present.with_old(given)
    if given is not None and contents.belongs_to(given) and not is_installed():
        return given
    raise Unfit(
        "The backup belongs to other keys than those in the instance folder. Put the keys.json of "
        "its install there, and an empty database in the place of one begun with other keys."
    )


@contextmanager
def _using(ring: Keys) -> Iterator[None]:
    """Have these keys in use; where the block fails, those from before are back."""
    before = sealing.keys()
    _use(ring)
    try:
        yield
    except BaseException:
        _use(before)
        raise


def _use(ring: Keys) -> None:
    if ring != sealing.keys():
        path = sealing.key_file().path
        sealing.key_file().replace(ring)
        sealing.configure(KeyFile(path))


def _journals(paths: Sequence[Path]) -> list[Read]:
    """Return what the journals hold, of this host's too if it has one. Raises Unfit."""
    found = [journal().read()] if journal().path.exists() else []
    for path in paths:
        if not path.is_file():
            raise Unfit(f"There is no journal {path}.")
        given = Journal(path).read()
        if given.broken and not given.entries:
            raise Unfit(f"{path} is no journal of erasures.")
        found.append(given)
    return found


def _wishes(found: Sequence[Read]) -> tuple[list[Entry], int]:
    """Return what stands in journals, in the order of time, and how many lines cannot be read."""
    entries = sorted({entry for one in found for entry in one.entries}, key=lambda one: one.at)
    return entries, sum(one.broken for one in found)


@contextmanager
def _in_place(database_url: str, path: Path) -> Iterator[Path | None]:
    """Have the backup in use; it takes the database's place where the block ends well."""
    url = make_url(database_url)
    if not is_sqlite():
        with postgres_dumps.replaced_by(url, path):
            yield None
        return
    place = Path(url.database or "")
    beside = place.with_name(f"{place.name}.restoring")
    beside.unlink(missing_ok=True)
    replaced = _free_name(place) if place.exists() else None
    try:
        sqlite_copies.copy(path, beside)
        database.configure(f"sqlite:///{beside.resolve()}")
        yield replaced
        database.dispose()
        _swap(beside, place, replaced)
    except sqlite3.Error as fault:
        raise Unfit(f"The database cannot be written: {fault}.") from None
    finally:
        for leftover in place.parent.glob(f"{beside.name}*"):
            leftover.unlink()
        database.configure(database_url)


def _free_name(place: Path) -> Path:
    """Return the name that the database gets which is there: not that of an earlier one."""
    name, number = place.name + REPLACED, 1
    while place.with_name(name).exists():
        number += 1
        name = f"{place.name}{REPLACED}-{number}"
    return place.with_name(name)


def _swap(beside: Path, place: Path, replaced: Path | None) -> None:
    """Put the new file in the old one's place; the old one keeps what belongs to it.

    At no moment is there none: a process that starts then would make an empty one.
    """
    sqlite_copies.make_one_file(beside)
    if sqlite_copies.is_in_use(place):
        raise Unfit(IN_USE)
    if replaced is not None:
        os.link(place, replaced)  # first: where the disk knows no links nothing has moved yet
        for ending in ("-wal", "-shm"):  # of a broken one: else the look has emptied them
            old = place.with_name(place.name + ending)
            if old.exists():
                old.replace(replaced.with_name(replaced.name + ending))
    beside.replace(place)
    keep_names(place.parent)


def _bring_tally_up_to_date() -> list[Drift]:
    more = True
    while more:
        with transaction():
            more = take_in()
    found = drifts()
    if found:
        with transaction():
            count_anew()
    return found
