"""`keys rotate` and `keys retire`: a new sealing key, in two steps, while the site runs."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import inspect, select

from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, note
from petition.core import sealing
from petition.core.clock import now
from petition.core.database import session, transaction
from petition.core.keys import RELOAD_SECONDS, KeyFile, Keys
from petition.core.sealing import SealBroken, Sealed, seal, unseal
from petition.safekeeping.sealed import SEALED, Column

BATCH = 500
RETIRE_AFTER_SECONDS = 3600


@click.group()
def keys() -> None:
    """The keys under which personal data is sealed."""


@keys.command()
def rotate() -> None:
    """Make a new key and seal everything under it. The old keys still open.

    Servers and workers may go on running: they look at the key file again within seconds. Where
    hosts have copies of the file, copy it to all of them now, and run `keys retire` later.
    """
    with alone() as file:
        with transaction():
            put(file, file.keys(fresh=True).with_new_current())
            note(Act.KEYS_ROTATED, TERMINAL, now(), key=sealing.keys().current)
        click.echo(f"New key {sealing.keys().current}. Waiting until every process has seen it …")
        time.sleep(RELOAD_SECONDS + 1)
        reseal_everything()
    click.echo("Keep a backup of the new key file. Drop the old keys with: keys retire")


@keys.command()
def retire() -> None:
    """Drop the old keys, an hour or more after `keys rotate`, when nothing is under them."""
    with alone() as file:
        age = (now() - file.since()).total_seconds()
        if age < RETIRE_AFTER_SECONDS:
            minutes = int((RETIRE_AFTER_SECONDS - age) // 60) + 1
            raise click.ClickException(
                f"The newest key is too young: a slow process may still seal under an old one. "
                f"Try again in {minutes} min."
            )
        reseal_everything()
        old = file.keys(fresh=True).old
        with transaction():
            note(Act.KEYS_RETIRED, TERMINAL, now(), keys=len(old))
            put(file, file.keys(fresh=True).without(old))
    click.echo(f"Dropped {len(old)} old key(s).")


@contextmanager
def alone() -> Iterator[KeyFile]:
    """Hold the key file so that no second rotation runs. Raises ClickException where one does."""
    file = sealing.key_file()
    with file.path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException("Another rotation is running.") from None
        file.remove_leftovers()
        yield file


def put(file: KeyFile, keys: Keys) -> None:
    """Put `keys` in the file's place. Raises ClickException where the disk does not take them."""
    try:
        file.replace(keys)
    except OSError as fault:
        reason = os.strerror(fault.errno) if fault.errno else str(fault)
        raise click.ClickException(
            f"The new key file cannot be written ({reason}). The old one is whole and in use."
        ) from None


def reseal_everything() -> None:
    """Seal under the current key what is under another, column by column."""
    current = sealing.keys(fresh=True).current
    for column in SEALED:
        done, broken = reseal(column, current)
        click.echo(f"{column[0].__tablename__}.{column[1]}: {done} sealed anew.")
        if broken:
            click.echo(f"  {broken} do not open with the keys in use, and stay as they are.")


def reseal(column: Column, current: str) -> tuple[int, int]:
    """Seal one column anew; return how many rows, and how many do not open.

    Short transactions, along the primary key.
    """
    done, broken, last = 0, 0, None
    while True:
        rows, unread, last = _reseal_batch(column, current, last)
        done, broken = done + rows, broken + unread
        if last is None:
            return done, broken


def _reseal_batch(column: Column, current: str, after: Any) -> tuple[int, int, Any]:
    model, box, key, context = column
    (primary_key,) = inspect(model).primary_key
    statement = select(model).order_by(primary_key).limit(BATCH).with_for_update()
    if after is not None:
        statement = statement.where(primary_key > after)
    done = broken = 0
    with transaction():
        rows = list(session.scalars(statement))
        for row in rows:
            if getattr(row, key) in {None, current}:
                continue
            try:
                opened = unseal(Sealed(getattr(row, key), getattr(row, box)), context(row))
            except SealBroken:
                broken += 1
                continue
            sealed = seal(opened, context(row))
            setattr(row, key, sealed.key_id)
            setattr(row, box, sealed.box)
            done += 1
    last = inspect(rows[-1]).identity[0] if len(rows) == BATCH else None
    session.remove()
    return done, broken, last
