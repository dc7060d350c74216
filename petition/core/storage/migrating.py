"""Bring the database's schema up to date."""

from alembic import command
from alembic.config import Config

from petition.core.errors import InstallUnfit
from petition.core.storage.fitness import NEWER, SCRIPTS, why_unlike


def alembic_config() -> Config:
    """Return how Alembic finds our migrations."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def upgrade() -> None:
    """Apply every migration that the database lacks. Raises InstallUnfit when it is newer."""
    if why_unlike() == NEWER:
        raise InstallUnfit(NEWER)
    command.upgrade(alembic_config(), "head")
