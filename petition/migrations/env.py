"""Run by Alembic: applies the migrations to the database in use.

A migration imports nothing that lives: what is changed later would change history, for new installs
alone. What one needs of the product of today, which is to seal, is handed to it here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, text

from petition.core.keyring.sealing import seal
from petition.core.storage.database import connect_apart
from petition.core.storage.long_reads import take_time
from petition.migrations.tables import metadata


@contextmanager
def rebuilding_tables(connection: Connection) -> Iterator[None]:
    """Let SQLite drop a table to make it anew without dropping what belongs to its rows.

    The switch works outside a transaction only. `check_keys` looks after the keys meanwhile.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
        driver.close()


def check_keys(connection: Connection) -> None:
    """Refuse a migration of SQLite that leaves a row without the one that it belongs to."""
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            tables = ", ".join(sorted({row[0] for row in broken}))
            raise RuntimeError(f"foreign keys lead nowhere in {tables}")


with (
    connect_apart(writes=True) as connection,
    rebuilding_tables(connection),
):
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
        seal=seal,
    )
    with context.begin_transaction():
        take_time(connection)
        if connection.dialect.name == "postgresql":  # two hosts may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(7411002)"))
        context.run_migrations()
        check_keys(connection)
