"""A database on which migrations are tried."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from petition.core.storage import database as core_database
from tests.grounds.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def own_database(
    request: pytest.FixtureRequest, databases: Databases, instance: Path
) -> Iterator[None]:
    """A database that no other test meets, whatever becomes of its tables."""
    core_database.configure(databases.own(request.param, instance))
    yield
    core_database.dispose()
