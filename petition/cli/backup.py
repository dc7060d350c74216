"""`backup` and `restore`: the way to copy an install, and to put the copy back."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, note
from petition.core.clock import now
from petition.core.counting import counted
from petition.core.errors import InstallUnfit
from petition.core.keyring.journal import Wish
from petition.core.keyring.keys import KeysUnreadable
from petition.core.storage.database import transaction
from petition.publishing.removing import sample_campaign
from petition.safekeeping.backup import back_up
from petition.safekeeping.contents import Unfit
from petition.safekeeping.restore import Restored
from petition.safekeeping.restore import restore as put_back

WISHES = {
    Wish.ERASED: ("erased", "erased"),
    Wish.WITHDRAWN: ("withdrawn", "withdrawn"),
    Wish.NO_MAIL: ("without e-mail", "without e-mail"),
    Wish.NAME_PRIVATE: ("name made private", "names made private"),
    Wish.FIRST_NAME_SHOWN: ("first name shown", "first names shown"),
    Wish.FULL_NAME_SHOWN: ("full name shown", "full names shown"),
    Wish.INVALIDATED: ("invalidated", "invalidated"),
    Wish.REASON_HIDDEN: ("reason hidden", "reasons hidden"),
    Wish.LETTER_DECLINED: ("letter declined", "letters declined"),
    Wish.LETTER_STOPPED: ("letter stopped", "letters stopped"),
    Wish.LETTER_DELETED: ("letter deleted", "letters deleted"),
}
"""What each is called where it was done once, and where it was done several times."""

NO_JOURNAL = (
    "There is no journal of erasures here: whoever erased, withdrew or stopped something since is "
    "back. If any host has one, restore once more with --journal."
)

SAMPLE_IS_IN_IT = (
    "The sample campaign {} is in it: if it was removed since, it is back, with what people did in "
    "it. “campaigns remove-sample” removes it again."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-keys", is_flag=True, help="Write the keys too, into FILE.keys.json.")
@with_appcontext
def backup(file: Path, with_keys: bool) -> None:
    """Write a backup of the database into FILE, while the site runs.

    The keys are not in it: without a copy of keys.json, kept elsewhere, nobody can read it.
    """
    config: Config = current_app.config["PETITION"]
    try:
        made = back_up(config.database, file, with_keys=with_keys)
    except Unfit as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{file}: whole, with {made.contents.in_words()}.")
    if made.keys_file is not None:
        click.echo(f"{made.keys_file}: the keys. Keep them apart from the backup.")
    else:
        click.echo("The keys are not in it: keep a copy of keys.json in another place.")
    try:
        with transaction():
            note(Act.BACKED_UP, TERMINAL, now())
    except (SQLAlchemyError, InstallUnfit):  # it may be made because nothing can be written
        click.echo("The log of who did what has no entry about it: the database takes none.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--journal",
    "journals",
    type=click.Path(path_type=Path),
    multiple=True,
    help="erasures.jsonl of another host; repeat it for each.",
)
@click.option(
    "--keys", type=click.Path(path_type=Path, exists=True), help="The key file of that time."
)
@click.option("--without-lost", is_flag=True, help="Go on where some values open with no key.")
@with_appcontext
def restore(file: Path, journals: tuple[Path, ...], keys: Path | None, without_lost: bool) -> None:
    """Put the backup FILE in the place of the database. Stop everything else first.

    Nothing leaves by itself afterwards that may have left already, and what people asked for since
    the backup (erasures above all) is done again, out of the journals.
    """
    config: Config = current_app.config["PETITION"]
    try:
        done = put_back(
            config.database, file, journals=journals, keys=keys, without_lost=without_lost
        )
    except (Unfit, KeysUnreadable) as problem:
        raise click.ClickException(f"Nothing was changed. {problem}") from None
    for line in _told(done):
        click.echo(line)


def _told(done: Restored) -> list[str]:
    """Return what was done, a line for each thing."""
    settled = done.settled
    again = [counted(settled.wishes[wish], *words) for wish, words in WISHES.items()]
    ended = counted(settled.sessions, "session"), counted(settled.invitations, "link")
    letters = settled.letters
    lines = [
        f"Restored: {done.contents.in_words()}.",
        f"Asked for since the backup and done again: {', '.join(again)}.",
        f"Letters that may have left since: {letters.unknown}. They wait for a person.",
        f"Letters that wait for their writers: {letters.held}. Then a moderator looks at them.",
        f"Mails dropped that had not left: {settled.mails}. Whoever misses one signs once more.",
        f"Dropped of what people had just sent: {settled.arrivals}. The rest is taken in.",
        f"Ended: {' and '.join(ended)} of organisers.",
        "Passwords, codes and who is shut out are as they were: look at “organisers list”.",
        "What organisers stopped or decided about letters since has to be decided again.",
    ]
    if not done.has_journal:
        lines.append(NO_JOURNAL)
    if sample := sample_campaign():
        lines.append(SAMPLE_IS_IN_IT.format(sample.slug))
    if done.lost:
        lines.append(f"Sealed values that no key opens: {done.lost}. They count, but stay closed.")
    if done.broken_lines:
        lines.append(f"Lines of journals that cannot be read: {done.broken_lines}.")
    if done.recounted:
        names = ", ".join(drift.of for drift in done.recounted)
        lines.append(f"Counts that did not agree with their rows and were made anew: {names}.")
    if done.replaced is not None:
        lines.append(f"What was there before is {done.replaced}: delete it once all is well.")
    return lines
