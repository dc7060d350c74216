"""`recipients check`, `import` and `export`: the offices that can act, as a table in CSV."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import AppGroup

from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, note
from petition.core.clock import now
from petition.core.counting import counted
from petition.core.storage.database import transaction
from petition.publishing.tables.importing import Imported, TableRefused, import_table, look_at
from petition.publishing.tables.table import CannotBeWritten, read_table, write_table
from petition.recipients.queries import all_recipients

recipients = AppGroup("recipients", help="The offices that can act, as a table in CSV.")
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@recipients.command()
@click.argument("file", type=TABLE)
def check(file: Path) -> None:
    """Name every mistake in FILE and change nothing; exit 1 when there is one."""
    with _in_words():
        imported = look_at(read_table(file))
    _say(imported, "No mistake. An import would bring")
    for change in imported.changes:
        click.echo(change)


@recipients.command("import")
@click.argument("file", type=TABLE)
def import_all(file: Path) -> None:
    """Load the recipients in FILE, all or none. Those that it does not name stay as they are."""
    table = read_table(file)  # before the transaction: a slow disk holds up nobody who signs
    with _in_words(), transaction():
        imported = import_table(table, now().date())
        changed = len(imported.new) + len(imported.changed)
        note(Act.RECIPIENTS_IMPORTED, TERMINAL, now(), rows=changed)
    _say(imported, "Imported:")


@recipients.command()
@click.argument("file", type=click.File("wb", atomic=True), default="-")
def export(file: BinaryIO) -> None:
    """Write all recipients to FILE or the terminal; an import of it changes nothing."""
    try:
        table = write_table(all_recipients())
    except CannotBeWritten as error:
        raise click.ClickException(str(error)) from None
    with transaction():
        note(Act.RECIPIENTS_EXPORTED, TERMINAL, now())
    file.write(table)


@contextmanager
def _in_words() -> Iterator[None]:
    """End the command with every mistake of a table that is refused."""
    try:
        yield
    except TableRefused as refused:
        count = counted(len(refused.mistakes), "mistake")
        raise click.ClickException(f"{count}; nothing was changed.\n{refused}") from None


def _say(imported: Imported, did: str) -> None:
    new, changed, same = (len(s) for s in (imported.new, imported.changed, imported.same))
    click.echo(f"{did} {new} new, {changed} changed, {same} as before.")
    for slug in imported.closed:
        click.echo(f"“{slug}” takes no letters any more.")
