"""Bring the database's schema up to date."""

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from petition.core.database import engine

SCRIPTS = Path(__file__).parent.parent / "migrations"


def alembic_config() -> Config:
    """Return how Alembic finds our migrations."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def upgrade() -> None:
    """Apply every migration that the database lacks."""
    command.upgrade(alembic_config(), "head")


@lru_cache
def newest() -> str | None:
    """Return the id of the newest migration we have."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def is_current() -> bool:
    """Whether the database has every migration."""
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest()
