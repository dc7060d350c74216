"""`migrate`: bring the database's schema up to date."""

import click

from petition.audit.noting import begin_log
from petition.core.clock import now
from petition.core.database import transaction
from petition.core.installed import tie_to_keys
from petition.core.migrating import newest, upgrade


@click.command()
def migrate() -> None:
    """Apply every migration that the database lacks."""
    bring_up_to_date()
    click.echo(f"The database is at {newest()}.")


def bring_up_to_date() -> None:
    """Apply what is lacking, tie a new database to its keys, and begin its log.

    Raises KeysUnreadable.
    """
    upgrade()
    tie_to_keys()
    with transaction():
        begin_log(now())
