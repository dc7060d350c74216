"""`campaigns load DIR`: bring the database in line with a folder of TOML and Markdown."""

from pathlib import Path

import click

from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, note
from petition.cli.campaign_folder import load_campaign
from petition.core.clock import now
from petition.core.counting import counted
from petition.core.folder import CampaignFolderError
from petition.core.storage.database import transaction


@click.group()
def campaigns() -> None:
    """Campaigns and their petitions."""


@campaigns.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def load(folder: Path) -> None:
    """Load a campaign from FOLDER; again, to publish what has changed in it."""
    try:
        with transaction():
            loaded = load_campaign(folder, now())
            versions = loaded.new_versions
            note(Act.FOLDER_PUBLISHED, TERMINAL, now(), campaign=loaded.campaign, versions=versions)
    except CampaignFolderError as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        f"{loaded.campaign}: {counted(loaded.petitions, 'petition')}, "
        f"{counted(loaded.letter_campaigns, 'letter campaign')}, "
        f"{counted(loaded.new_versions, 'new version')}."
    )
    for words in loaded.removed:
        click.echo(f"Removed: {words}.")
