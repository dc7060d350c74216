"""Run by Alembic: applies the migrations to the database in use."""

from alembic import context
from sqlalchemy import text

from petition.core.database import engine
from petition.migrations.tables import metadata

with engine().connect().execution_options(writes=True) as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":  # two hosts may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(7411002)"))
        context.run_migrations()
