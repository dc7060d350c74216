"""`tally check`: hold the counts against the rows."""

import sys

import click

from petition.safekeeping.tallies import drifts


@click.group()
def tally() -> None:
    """The counts that pages show."""


@tally.command()
def check() -> None:
    """Compare every count with the rows themselves; exit 1 when one differs."""
    found = drifts()
    for drift in found:
        click.echo(f"{drift.of}: tally {drift.total}, rows {drift.rows}.")
    if found:
        sys.exit(1)
    click.echo("Every count agrees with its rows.")
