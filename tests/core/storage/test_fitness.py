"""What was put in the database's place, or came from a later version, is not worked with."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from petition.core.clock import now
from petition.core.errors import InstallUnfit
from petition.core.storage import database as core_database
from petition.core.storage import fitness
from petition.core.storage.database import engine, session, transaction
from petition.core.storage.fitness import (
    FILE_GONE,
    NEWER,
    OLDER,
    newest,
    require_fitness,
    why_unfit,
)
from petition.core.storage.migrating import alembic_config, upgrade
from petition.outbox.actions import beat
from tests.grounds.databases import Databases


@pytest.fixture
def file(databases: Databases, instance: Path) -> Iterator[Path]:
    """A migrated SQLite file, in use."""
    core_database.configure(databases.own("sqlite", instance))
    assert why_unfit() is None
    yield instance / "petition.sqlite3"
    core_database.dispose()


def test_a_file_that_was_moved_is_missed_until_it_is_back(file: Path) -> None:
    elsewhere = file.with_suffix(".away")
    file.rename(elsewhere)
    assert why_unfit() == FILE_GONE
    with pytest.raises(InstallUnfit):
        require_fitness()

    elsewhere.rename(file)
    assert why_unfit() is None


def test_a_file_that_another_was_put_in_the_place_of_is_not_mixed_with_it(file: Path) -> None:
    other = file.with_suffix(".older")
    shutil.copyfile(file, other)
    with engine().connect() as before:
        before.execute(text("SELECT 1"))
        other.replace(file)
        assert why_unfit() == FILE_GONE
        with pytest.raises(OperationalError, match="moved or replaced"):
            [engine().connect() for _ in range(2)]

    core_database.configure(f"sqlite:///{file}")  # as a new start does
    assert why_unfit() is None


@pytest.mark.parametrize("is_made_anew", [False, True])
def test_a_log_that_was_deleted_is_missed_and_what_stands_in_it_is_kept_at_the_end(
    file: Path, is_made_anew: bool
) -> None:
    with transaction():
        beat("w1", now())
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink()
    assert why_unfit() == FILE_GONE
    if is_made_anew:  # by a process that starts
        file.with_name(f"{file.name}-wal").touch()
    with engine().connect(), pytest.raises(OperationalError, match="moved or replaced"):
        engine().connect()
    assert why_unfit() == FILE_GONE

    core_database.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM worker").fetchone() == (1,)


def test_a_log_that_goes_with_the_last_connection_is_missed_by_nobody(file: Path) -> None:
    for _ in range(2):
        with transaction():
            beat("w1", now())
        session.remove()
        engine().pool.dispose()
        assert not file.with_name(f"{file.name}-wal").exists()
        assert why_unfit() is None


def test_a_file_that_is_missing_is_not_made_anew(file: Path) -> None:
    file.unlink()
    with engine().connect(), pytest.raises(OperationalError):
        engine().connect()
    assert not file.exists()


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(
    ("version", "words"), [("9999", NEWER), ("0011", OLDER)], ids=["newer", "older"]
)
def test_a_database_of_another_version_is_not_worked_with(
    version: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitness, "LOOK_AGAIN_SECONDS", -1.0)
    assert why_unfit() is None
    with transaction():
        session.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))
        beat("w1", now())

    assert why_unfit() == words
    if words == NEWER:
        with pytest.raises(InstallUnfit, match="newer than this program"):
            upgrade()


def test_the_newest_migration_by_its_files_name_is_the_last_that_is_applied() -> None:
    assert newest() == ScriptDirectory.from_config(alembic_config()).get_current_head()
