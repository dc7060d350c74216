"""Bring the database's schema up to date."""

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from petition.core.errors import InstallUnfit
from petition.core.storage.database import engine

SCRIPTS = Path(__file__).parent.parent.parent / "migrations"


def alembic_config() -> Config:
    """Return how Alembic finds our migrations."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


NEWER = (
    "The database is newer than this program: it was migrated by a later version. "
    "Install that version, or a later one."
)
OLDER = "The database lacks migrations: run “flask --app petition migrate”."


def upgrade() -> None:
    """Apply every migration that the database lacks. Raises InstallUnfit when it is newer."""
    if why_unlike() == NEWER:
        raise InstallUnfit(NEWER)
    command.upgrade(alembic_config(), "head")


@lru_cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


@lru_cache
def newest() -> str | None:
    """Return the id of the newest migration we have."""
    return _scripts().get_current_head()


@lru_cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in _scripts().walk_revisions())


def why_unlike() -> str | None:
    """Return in a sentence how the database differs from what this program knows, or None."""
    with engine().connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == newest():
        return None
    return OLDER if found is None or found in _known() else NEWER


def knows(revision: str) -> bool:
    """Whether a migration is one of ours."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return revision in {one.revision for one in scripts.walk_revisions()}


def is_current() -> bool:
    """Whether the database has every migration, and none that we do not know."""
    return why_unlike() is None
