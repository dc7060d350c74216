"""A new key in place of the old one, in steps, none of which leaves a host that cannot open a row.

Prepare: a key is added that opens and seals nothing yet. Change: once every host holds it, it is
the one that seals. Retire: once everything is under it on every host, the old ones go, and what is
left of erased people in logs, free pages and old backups opens no more.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import text

from petition.audit.acts import Act
from petition.audit.noting import By, note
from petition.core.clock import now
from petition.core.errors import DomainError
from petition.core.keyring import sealing
from petition.core.keyring.keys import KeyFile, Keys
from petition.core.storage.database import engine, is_sqlite, transaction
from petition.deliveries.pack.minisign import PublicKey
from petition.safekeeping.holders import announce, differing, named, others
from petition.safekeeping.resealing import reseal

ROTATION_LOCK = 7_411_003
COPY_WITHIN = timedelta(days=3)
"""How long it is said after a change that the key file wants a new copy."""
OLD_ENOUGH = timedelta(hours=1)
"""How long a slow process may go on sealing under the key that was current before."""


class NotNow(DomainError):
    """A step cannot be taken. Worded for whoever runs the install."""


class Step(StrEnum):
    """What the worker did about the keys."""

    NOTHING = "nothing"
    PREPARED = "a new key lies ready"
    CHANGED = "a new key is in use"
    RETIRED = "old keys are dropped"


@contextmanager
def alone() -> Iterator[KeyFile]:
    """Hold the key file, and the steps on all hosts, against anybody else. Raises NotNow."""
    file = sealing.key_file()
    with file.path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotNow("Another rotation is running.") from None
        with _alone_among_hosts():
            file.remove_leftovers()
            with transaction():
                announce(now())
            yield file


@contextmanager
def _alone_among_hosts() -> Iterator[None]:
    if is_sqlite():
        yield
        return
    with engine().connect() as connection:
        connection.detach()  # it ends here, and the lock with it, even where the unlocking fails
        number = {"number": ROTATION_LOCK}
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number):
            raise NotNow("Another rotation is running on another host.")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), number)


def prepare(file: KeyFile) -> str:
    """Add a key that seals nothing yet, unless one lies ready; return its id. Raises NotNow."""
    with _written(file, file.keys(fresh=True).with_ready()):
        pass
    return sealing.keys().ready or ""


def change(file: KeyFile, by: By) -> str:
    """Let the key that lies ready seal from now on; return its id. Raises NotNow.

    Where nobody else has a copy of the file, it needs not lie ready first.
    """
    ring, elsewhere = file.keys(fresh=True), others(now())
    if elsewhere and ring.ready is None:
        raise NotNow(
            f"Other hosts hold keys too ({named(elsewhere)}): run “keys prepare” first, then copy "
            "keys.json to them."
        )
    lacking = [holder for holder in elsewhere if ring.ready not in holder.key_ids]
    if lacking:
        raise NotNow(
            f"These hosts lack the new key: {named(lacking)}. Copy keys.json to them and wait a "
            "minute. A host that is gone counts for an hour."
        )
    unlike = [holder for holder in elsewhere if ring.delivery.id not in holder.key_ids]
    if unlike:
        raise NotNow(
            f"These hosts sign deliveries under another key: {named(unlike)}. Copy the newest "
            "keys.json to every host and wait a minute."
        )
    fresh = ring.with_new_current()
    with _written(file, fresh), transaction():
        note(Act.KEYS_ROTATED, by, now(), key=fresh.current)
    return fresh.current


def require_old_enough(file: KeyFile, wait: timedelta = OLD_ENOUGH) -> None:
    """See that nobody seals under an old key any more. Raises NotNow."""
    ring, left = file.keys(fresh=True), file.since() + wait - now()
    if left > timedelta():
        minutes = int(left.total_seconds() // 60) + 1
        raise NotNow(
            "The newest key is too young: a slow process may still seal under an old one. "
            f"Try again in {minutes} min."
        )
    behind = [holder for holder in others(now()) if holder.current != ring.current]
    if behind:
        raise NotNow(
            f"These hosts seal under another key: {named(behind)}. Copy keys.json to them."
        )


def retire(file: KeyFile, by: By) -> int:
    """Drop the old keys, when nothing is under them any more; return how many. Raises NotNow."""
    ring = file.keys(fresh=True)
    with _written(file, ring.without(ring.old)), transaction():
        note(Act.KEYS_RETIRED, by, now(), keys=len(ring.old))
    return len(ring.old)


def renew_delivery_key(file: KeyFile, by: By) -> str:
    """Let deliveries be signed under a new key from now on; return its id. Raises NotNow.

    The public part of the old one stays, so that what is signed under it is told as such. A
    change of sealing keys that is under way ends first: two hosts that change the file each in
    their own way have two that cannot follow each other.
    """
    ring = file.keys(fresh=True)
    if ring.ready is not None:
        raise NotNow(
            "A new sealing key lies ready: run “keys rotate” first, then copy keys.json to every "
            "host that has a copy."
        )
    unlike = differing(ring, others(now()))
    if unlike:
        raise NotNow(
            f"These hosts have another key file than this one: {named(unlike)}. Copy the newest "
            "keys.json to every host and wait a minute. A host that is gone counts for an hour."
        )
    renewed = ring.with_new_delivery_key()
    fresh = PublicKey.of(renewed.delivery.public).shown_id
    with _written(file, renewed), transaction():
        note(Act.DELIVERY_KEY_RENEWED, by, now(), key=fresh)
    return fresh


def step(by: By, every: timedelta, keep: timedelta, go_on: Callable[[], bool]) -> Step:
    """Take the step that is due, if one is: keys change once in `every`, and are kept for `keep`.

    A key that lies ready waits until every host holds it. Each step may break off at any moment
    and is taken up again later. Raises NotNow where another is at it.
    """
    with alone() as file:
        ring = file.keys(fresh=True)
        if ring.ready is not None:
            change(file, by)
            return Step.CHANGED
        if ring.old:
            require_old_enough(file, max(keep, OLD_ENOUGH))
            for _column in reseal(go_on):
                pass
            if not go_on():
                return Step.NOTHING
            retire(file, by)
            return Step.RETIRED
        if now() - file.since() < every or differing(ring, others(now())):
            return Step.NOTHING
        prepare(file)
        return Step.PREPARED


def why_keys_need_a_person(every: timedelta) -> str | None:
    """Return in a sentence what somebody has to do about the keys; None where nothing."""
    ring = sealing.keys()
    unlike = differing(ring, others(now()))
    if unlike:
        return (
            f"The keys are due to be changed, or were, and key files differ: copy the newest "
            f"keys.json to every host. This one differs from: {named(unlike)}."
        )
    since = sealing.key_file().since()
    if ring.old and now() - since < COPY_WITHIN:
        return (
            f"The keys were changed on {since:%Y-%m-%d}: keep a copy of the new keys.json where "
            "you keep the old one, or what is sealed from now on is lost with this machine."
        )
    renewed = ring.delivery.since
    if renewed and now() - renewed < COPY_WITHIN:
        return (
            f"The key that deliveries are signed under was renewed on {renewed:%Y-%m-%d}: keep a "
            "copy of the new keys.json where you keep the old one, and publish the new public key."
        )
    if every and now() - since > every + timedelta(days=2):
        return "The keys are due to be changed, and no worker does it: run “keys rotate”."
    return None


@contextmanager
def _written(file: KeyFile, ring: Keys) -> Iterator[None]:
    """Put these keys in the file's place, once the block has noted it, and say that we hold them.

    What cannot be noted is not done. Raises NotNow.
    """
    try:
        with file.lying_beside(ring):
            yield
    except OSError as fault:
        reason = os.strerror(fault.errno) if fault.errno else str(fault)
        raise NotNow(
            f"The new key file cannot be written ({reason}). The old one is whole and in use."
        ) from None
    with transaction():
        announce(now())
