"""`migrate`: bring the database's schema up to date."""

import click
from sqlalchemy import select

from petition.audit.noting import begin_log, has_place_for_log
from petition.core.clock import now
from petition.core.keyring.installed import tie_to_keys
from petition.core.storage.database import session, transaction
from petition.core.storage.fitness import newest
from petition.core.storage.migrating import upgrade
from petition.organisers.models import Organiser


@click.command()
def migrate() -> None:
    """Apply every migration that the database lacks."""
    bring_up_to_date()
    click.echo(f"The database is at {newest()}.")


def bring_up_to_date() -> None:
    """Apply what is lacking, tie a new database to its keys, and begin its log.

    A log that is missing where there was one stays missing, and is seen. Raises KeysUnreadable.
    """
    had_log = has_place_for_log()
    upgrade()
    with transaction():
        is_fresh = tie_to_keys() and session.scalar(select(Organiser.id).limit(1)) is None
        if is_fresh or not had_log:
            begin_log(now())
