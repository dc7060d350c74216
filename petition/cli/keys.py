"""`keys prepare`, `rotate` and `retire`: a new sealing key, in steps, while the site runs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from petition.audit.noting import TERMINAL
from petition.core.counting import counted
from petition.core.keyring.keys import RELOAD_SECONDS, KeyFile
from petition.safekeeping import rotation
from petition.safekeeping.resealing import reseal
from petition.safekeeping.rotation import NotNow


@click.group()
def keys() -> None:
    """The keys under which personal data is sealed. A worker changes them by itself.

    Where several hosts have copies of the key file: prepare, copy it to all, rotate, copy it, and
    retire an hour later. Nothing is done before every host that runs is ready for it.
    """


@keys.command()
def prepare() -> None:
    """Add a key that seals nothing yet, to be copied to every host."""
    with _alone() as file:
        key = rotation.prepare(file)
    click.echo(f"Key {key} lies ready. Copy keys.json to every host, then run: keys rotate")


@keys.command()
def rotate() -> None:
    """Let a new key seal, and seal everything under it. The old keys still open.

    Servers and workers may go on running: they look at the key file again within seconds.
    """
    with _alone() as file:
        key = rotation.change(file, TERMINAL)
        click.echo(f"New key {key}. Waiting until every process has seen it …")
        time.sleep(RELOAD_SECONDS + 1)
        reseal_everything()
    click.echo("Where other hosts have copies of keys.json, copy it to them now.")
    click.echo("Keep a backup of the new key file. Drop the old keys with: keys retire")


@keys.command()
def retire() -> None:
    """Drop the old keys, an hour or more after `keys rotate`, when nothing is under them.

    Backups from before open no more without a key file of their time.
    """
    with _alone() as file:
        rotation.require_old_enough(file)
        reseal_everything()
        dropped = rotation.retire(file, TERMINAL)
    click.echo(f"Dropped {counted(dropped, 'old key')}.")


@keys.command()
def renew_delivery_key() -> None:
    """Sign deliveries under a new key from now on: where somebody else may have the old one.

    Publish the new key's public part. Whoever has the old key can go on signing under it: of a
    pack under it, “deliveries verify” says that only those who had it before may rely on it.
    """
    with _alone() as file:
        key = rotation.renew_delivery_key(file, TERMINAL)
    click.echo(f"Deliveries are signed under the key {key} now: “deliveries key” prints it.")
    click.echo(
        "Where other hosts have copies of keys.json, copy it to them now, and keep a backup."
    )


def reseal_everything() -> None:
    """Seal under the current key what is under another, column by column."""
    for column in reseal():
        click.echo(f"{column.column}: {column.done} sealed anew.")
        if column.broken:
            one = "does not open with the keys in use, and stays as it is"
            many = "do not open with the keys in use, and stay as they are"
            click.echo(f"  {counted(column.broken, one, many)}.")


@contextmanager
def _alone() -> Iterator[KeyFile]:
    try:
        with rotation.alone() as file:
            yield file
    except NotNow as reason:
        raise click.ClickException(str(reason)) from None
