"""Clean databases: each test finds the state of a new install, on both kinds."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from petition.core.clock import now
from petition.core.storage import database as core_database
from petition.core.storage.database import session, transaction
from petition.core.storage.fitness import is_current
from petition.outbox.models import Worker
from tests.grounds.databases import KINDS, Databases, migrate


def test_the_database_in_use_is_the_one_named(database: str) -> None:
    assert core_database.engine().url.render_as_string(hide_password=False) == database
    assert is_current()


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_writes_the_next_does_not_find(database: str, turn: int) -> None:
    assert session.scalar(select(func.count()).select_from(Worker)) == 0

    with transaction():
        session.add(Worker(id=f"worker-{turn}", started_at=now(), beat_at=now()))

    assert session.scalar(select(func.count()).select_from(Worker)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_database_can_be_migrated(kind: str, databases: Databases, instance: Path) -> None:
    url = databases.empty(kind, instance)

    migrate(url)

    core_database.configure(url)
    assert is_current()
    core_database.dispose()
