"""`migrate`: bring the database's schema up to date."""

import click

from petition.core.installed import tie_to_keys
from petition.core.migrating import newest, upgrade


@click.command()
def migrate() -> None:
    """Apply every migration that the database lacks."""
    upgrade()
    tie_to_keys()
    click.echo(f"The database is at {newest()}.")
