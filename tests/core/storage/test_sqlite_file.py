"""A SQLite file that is left is whole, and its log does not stay as large as it once was."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from petition.core.storage import database, sqlite_file
from petition.core.storage.database import engine, transaction


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A SQLite file with a table, in use."""
    path = tmp_path / "some.sqlite3"
    database.configure(f"sqlite:///{path}")
    with transaction() as writing:
        writing.execute(text("CREATE TABLE thing (words BLOB)"))
    yield path
    database.dispose()


def write(rows: int) -> None:
    """Write so many rows of 100 KB."""
    with transaction() as writing:
        for _ in range(rows):
            writing.execute(text("INSERT INTO thing VALUES (randomblob(100000))"))


def log_of(file: Path) -> int:
    """Return how large the write-ahead log is; 0 where there is none."""
    log = file.with_name(f"{file.name}-wal")
    return log.stat().st_size if log.exists() else 0


def test_a_copy_of_the_file_alone_is_whole_once_the_process_has_ended_in_order(file: Path) -> None:
    write(3)
    with closing(sqlite3.connect(file)) as elsewhere:  # another process has it open still
        elsewhere.execute("SELECT count(*) FROM thing").fetchone()
        database.close()
        copy = shutil.copyfile(file, file.with_suffix(".copy"))
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM thing").fetchone() == (3,)


def test_ending_where_another_writes_does_not_wait_for_it(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        database.close()
        other.execute("INSERT INTO thing VALUES ('x')")
        other.execute("COMMIT")


def test_the_log_shrinks_again_after_a_long_reader(file: Path) -> None:
    with engine().connect() as reader:
        reader.execute(text("SELECT count(*) FROM thing")).scalar_one()
        write(200)
        assert log_of(file) > sqlite_file.LARGEST_IDLE_LOG
    for _ in range(3):
        write(1)
    assert log_of(file) <= sqlite_file.LARGEST_IDLE_LOG


def test_a_process_that_never_opened_the_file_ends_without_making_it(tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    database.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_others_could_read_is_closed_to_them_when_it_is_opened(file: Path) -> None:
    with closing(sqlite3.connect(file)) as elsewhere:  # and so its log stays beside it
        elsewhere.execute("SELECT count(*) FROM thing").fetchone()
        database.dispose()
        beside = [file.with_name(file.name + ending) for ending in ("", "-wal", "-shm")]
        for one in beside:
            one.chmod(0o644)
        database.configure(f"sqlite:///{file}")
        write(1)

        assert {stat.S_IMODE(one.stat().st_mode) for one in beside} == {0o600}
