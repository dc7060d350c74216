"""`audit verify`: see that nobody has changed the log of who did what."""

import sys
from datetime import UTC

import click

from petition.audit.verifying import Mark, Verified
from petition.audit.verifying import verify as verify_log
from petition.core.counting import counted


@click.group()
def audit() -> None:
    """The log of who did or looked at what."""


class MarkType(click.ParamType[Mark]):
    """A mark as `verify` prints it."""

    name = "mark"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Mark:
        """Return the mark, or say what is wrong with it."""
        try:
            return Mark.read(value)
        except ValueError:
            self.fail("is not a mark as this command prints it, such as 12-5f0c…", param, ctx)


@audit.command()
@click.option(
    "--mark",
    "marks",
    type=MarkType(),
    multiple=True,
    help="A mark that was printed before; the log must still hold it.",
)
def verify(marks: tuple[Mark, ...]) -> None:
    """Walk through the whole log; exit 1 when an entry was changed, taken out or moved.

    It prints a mark to write down, apart from the database: whoever puts an older copy of the
    whole database in place cannot be found out without it.
    """
    found = verify_log(marks)
    click.echo(_length(found))
    if found.first_break is not None:
        number, what = found.first_break
        click.echo(f"Entry {number} {what}.")
        if found.breaks > 1:
            click.echo(f"It is the first of {found.breaks} such findings.")
        sys.exit(1)
    click.echo("Each follows the one before it, and none is missing.")
    click.echo(f"Write this mark down, for --mark later:\n{found.end}")


def _length(found: Verified) -> str:
    count = counted(found.entries, "entry", "entries")
    if found.begun_at is None:
        return f"The log holds {count}."
    return f"The log holds {count}, since {found.begun_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
