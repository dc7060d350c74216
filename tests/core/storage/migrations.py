"""Undoing migrations, and seeing what they have left."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from petition.core.storage.database import engine, session
from petition.core.storage.migrating import alembic_config
from petition.migrations.tables import metadata

BELOW_A_LETTER_CAMPAIGN = ("letter_version", "letter_text", "letter_version_recipient", "letter")


def differences() -> list[Any]:
    """Return what the database has otherwise than the models."""
    with engine().connect() as connection:
        found: list[Any] = compare_metadata(MigrationContext.configure(connection), metadata)
    return found


def back_to(revision: str) -> None:
    """Undo the migrations that came after this one."""
    session.remove()
    command.downgrade(alembic_config(), revision)


def counted() -> list[int]:
    """Return how many rows belong to the letter campaigns."""
    with engine().connect() as connection:
        counts = [text(f"SELECT count(*) FROM {name}") for name in BELOW_A_LETTER_CAMPAIGN]
        return [connection.execute(one).scalar_one() for one in counts]
