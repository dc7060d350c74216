"""The migrations make the tables that the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from petition.core.database import engine
from petition.core.migrating import is_current
from petition.migrations.tables import metadata

pytestmark = pytest.mark.usefixtures("database")


def test_the_migrations_make_just_what_the_models_describe() -> None:
    with engine().connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []
    assert is_current()
