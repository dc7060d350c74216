"""`campaigns`: publish a folder of TOML and Markdown, look at it first, write one."""

from pathlib import Path

import click

from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, note
from petition.core.clock import now
from petition.core.counting import counted
from petition.core.storage.database import session, transaction
from petition.publishing.checking import check_folder
from petition.publishing.folder import Folder, read_folder
from petition.publishing.loading import FolderRefused, Loaded, SharedRefused, publish_folder
from petition.publishing.removing import contents_of, remove_sample, sample_campaign
from petition.publishing.saving import CannotBeSaved, save_campaign, write_files

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def campaigns() -> None:
    """Campaigns and their petitions."""


@campaigns.command()
@click.argument("folder", type=FOLDER)
def check(folder: Path) -> None:
    """Name every mistake in FOLDER and change nothing; exit 1 when there is one."""
    read = read_folder(folder)
    found = check_folder(read, now())
    session.rollback()
    if found.problems:
        raise _refusal(found.problems)
    with transaction() as writing:
        loaded = publish_folder(read, now(), found.shared)
        writing.rollback()
    click.echo("No mistake. A load would bring:")
    _say(loaded)
    if found.shared:
        click.echo("It touches what others rely on, or what people did; load it with --shared:")
        click.echo("\n".join(found.shared))


@campaigns.command()
@click.argument("folder", type=FOLDER)
@click.option("--shared", is_flag=True, help="Change also what others rely on, or what people did.")
@click.option("--yes", is_flag=True, help="Do not ask before changing them.")
def load(folder: Path, *, shared: bool, yes: bool) -> None:
    """Load a campaign from FOLDER; again, to publish what has changed in it."""
    read = read_folder(folder)  # before the transaction: a slow disk holds up nobody who signs
    agreed = _agreed(read, yes=yes) if shared else []
    try:
        with transaction():
            loaded = publish_folder(read, now(), agreed)
            versions = loaded.new_versions
            note(Act.FOLDER_PUBLISHED, TERMINAL, now(), campaign=loaded.campaign, versions=versions)
    except SharedRefused as refused:
        raise click.ClickException(
            "Nothing was changed: this touches what others rely on, or what people did. Give the "
            f"folder offices and gaps of its own, or load it with --shared.\n{refused}"
        ) from None
    except FolderRefused as refused:
        raise _refusal(refused.problems) from None
    _say(loaded)


@campaigns.command()
@click.argument("slug")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def save(slug: str, folder: Path) -> None:
    """Write the campaign SLUG into FOLDER, which is new; a load of it changes nothing."""
    try:
        files = save_campaign(slug)
        write_files(files, folder)
    except CannotBeSaved as refused:
        raise click.ClickException(str(refused)) from None
    with transaction():
        note(Act.CAMPAIGN_SAVED, TERMINAL, now(), campaign=slug)
    click.echo(f"{slug}: {counted(len(files), 'file')} in {folder}.")


@campaigns.command("remove-sample")
def remove() -> None:
    """Remove the sample campaign with all that people did in it, after its name was typed."""
    sample = sample_campaign()
    if sample is None:
        raise click.ClickException("No campaign here is a sample. No other is ever removed.")
    found = contents_of(sample)
    session.rollback()
    click.echo(
        f"This removes {found.slug} with {counted(found.signatures, 'signature')} and "
        f"{counted(found.letters, 'letter')}, for good."
    )
    if click.prompt("Type its name to remove it") != found.slug:
        raise click.ClickException("That is not its name; nothing was removed.")
    with transaction():
        sample = sample_campaign(to_change=True)
        if sample is None or sample.slug != found.slug:
            raise click.ClickException("It has gone meanwhile; nothing was removed.")
        kept = remove_sample(sample)
        note(Act.SAMPLE_REMOVED, TERMINAL, now(), campaign=found.slug)
    click.echo(f"Removed: {found.slug}.")
    if kept:
        click.echo(
            f"These offices stay, for letters of other campaigns may go to them: {', '.join(kept)}."
            " To end that, load a folder of yours that names them without “areas”."
        )


def _agreed(read: Folder, *, yes: bool) -> list[str]:
    """Say what has to be agreed to; return it when it is wanted."""
    found = check_folder(read, now())
    session.rollback()
    if found.problems:
        raise _refusal(found.problems)
    if found.shared:
        click.echo("This touches what others rely on, or what people did:")
        click.echo("\n".join(found.shared))
        if not yes:
            click.confirm("Change it?", abort=True)
    return found.shared


def _refusal(problems: list[str]) -> click.ClickException:
    count = counted(len(problems), "mistake")
    return click.ClickException(f"{count}; nothing was changed.\n" + "\n".join(problems))


def _say(loaded: Loaded) -> None:
    click.echo(
        f"{loaded.campaign}: {counted(loaded.petitions, 'petition')}, "
        f"{counted(loaded.letter_campaigns, 'letter campaign')}, "
        f"{counted(loaded.new_versions, 'new version')}."
    )
    for words in loaded.removed:
        click.echo(f"Removed: {words}.")
