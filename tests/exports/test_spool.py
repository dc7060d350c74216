"""A download over a slow line holds no snapshot, and leaves no name on the disk."""

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import text

from petition.core.clock import now
from petition.core.database import engine, is_sqlite, single_statements, transaction
from petition.core.sealing import key_file
from petition.exports import actions
from petition.exports.csv import stream
from petition.exports.models import ExportScope
from petition.exports.spool import read_ahead
from tests.factories import make_ask, make_organiser, signed, signer
from tests.faults.visitors import wait_until

IN_A_TRANSACTION = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


def nobody_reads() -> bool:
    """Whether no snapshot of the database is held: SQLite's log can be emptied."""
    with single_statements() as connection:
        if not is_sqlite():
            return not connection.execute(text(IN_A_TRANSACTION)).scalar_one()
        connection.execute(text("PRAGMA busy_timeout = 0"))
        return not connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]


def without_a_name() -> list[bytes]:
    """Return what is in the files of the instance folder that have no name any more."""
    folder, found = str(key_file().path.parent), []
    for descriptor in Path("/proc/self/fd").iterdir():
        place = str(descriptor.readlink()) if descriptor.is_symlink() else ""
        if place.startswith(folder) and place.endswith(" (deleted)"):
            found.append(descriptor.read_bytes())
    return found


@pytest.mark.usefixtures("database")
def test_a_reader_who_is_slow_holds_no_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petition.exports.csv.CHUNK_ROWS", 1)
    ask, organiser = make_ask(), make_organiser().id
    for _ in range(3):
        signed(ask, signer(name="Nadia Sample"))
    with transaction():
        what = (ask.petition_id, organiser, "To hand over", ExportScope.CONFIRMED)
        export = actions.begin(*what, now())
    engine().pool.dispose()
    pieces = stream(export)
    begun = next(pieces)
    wait_until(lambda: len(without_a_name()[0]) > len(begun) * 2, "nothing is read ahead")
    wait_until(nobody_reads, "the export still reads")
    assert b"Nadia" not in without_a_name()[0]

    signed(ask)
    whole = begun + b"".join(pieces)
    assert whole.count(b"Nadia Sample") == 3
    assert whole.count(b"\r\n") == 4
    assert without_a_name() == []


def test_a_fault_while_it_is_made_breaks_the_download_off(tmp_path: Path) -> None:
    def pieces() -> Generator[bytes, None, None]:
        yield b"one"
        raise ZeroDivisionError

    read = read_ahead(pieces(), tmp_path)
    assert next(read) == b"one"
    with pytest.raises(ZeroDivisionError):
        next(read)


def test_whoever_leaves_ends_what_is_made_for_them(tmp_path: Path) -> None:
    made = []

    def pieces() -> Generator[bytes, None, None]:
        try:
            while True:
                yield b"more"
        finally:
            made.append("ended")

    read = read_ahead(pieces(), tmp_path)
    next(read)
    read.close()
    assert made == ["ended"]
