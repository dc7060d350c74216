"""`keys rotate`: a new sealing key, and everything sealed anew under it, while the site runs."""

import time
from collections.abc import Callable
from typing import Any

import click
from sqlalchemy import select

from petition.core import sealing
from petition.core.database import session, transaction
from petition.core.keys import RELOAD_SECONDS
from petition.core.sealing import Sealed, seal, unseal
from petition.organisers import models as organisers
from petition.outbox import models as outbox
from petition.signatures import models as signatures

BATCH = 500
Column = tuple[type[Any], str, str, Callable[[Any], str]]
SEALED: tuple[Column, ...] = (
    *signatures.SEALED_COLUMNS,
    *outbox.SEALED_COLUMNS,
    *organisers.SEALED_COLUMNS,
)


@click.group()
def keys() -> None:
    """The keys under which personal data is sealed."""


@keys.command()
def rotate() -> None:
    """Make a new key, seal everything under it, and drop the old ones.

    Servers and workers may go on running: they look at the key file again within seconds, and
    at once when they meet a key they do not know. Every host must see the same key file.
    """
    file = sealing.key_file()
    file.replace(file.keys(fresh=True).with_new_current())
    current = sealing.keys().current
    click.echo(f"New key {current}. Waiting until every process has seen it …")
    wait_for_readers(RELOAD_SECONDS)
    for column in SEALED:
        click.echo(f"{column[0].__tablename__}.{column[1]}: {reseal(column, current)} sealed anew.")
    old = set(sealing.keys().sealing) - {current}
    file.replace(sealing.keys(fresh=True).without(old))
    click.echo(f"Dropped {len(old)} old key(s). Keep a backup of the new key file.")


def wait_for_readers(seconds: float) -> None:
    """Let processes that have just read the key file read it again, before old keys go."""
    time.sleep(seconds + 1)


def reseal(column: Column, current: str) -> int:
    """Seal what is not under the `current` key; return how many rows. Short transactions."""
    done = 0
    while fresh := _reseal_batch(column, current):
        done += fresh
    return done


def _reseal_batch(column: Column, current: str) -> int:
    model, box, key, context = column
    key_column = getattr(model, key)
    with transaction():
        statement = (
            select(model)
            .where(key_column.is_not(None), key_column != current)
            .limit(BATCH)
            .with_for_update()
        )
        rows = list(session.scalars(statement))
        for row in rows:
            opened = unseal(Sealed(getattr(row, key), getattr(row, box)), context(row))
            sealed = seal(opened, context(row))
            setattr(row, key, sealed.key_id)
            setattr(row, box, sealed.box)
    session.remove()
    return len(rows)
