"""A disk is full, or takes no writes: nothing acknowledged is lost, and all goes on by itself."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.faults.crowd import Crowd, Ledger
from tests.faults.looking import database_of, mails_waiting
from tests.faults.test_kills import NO_LIMITS, aged_token, hold_against_the_ledger
from tests.faults.visitors import Visitor, is_inbox_page, mailbox_of, wait_until
from tests.grounds.databases import Databases
from tests.grounds.postgres import remove, running_postgres
from tests.grounds.replays import Note
from tests.grounds.servers import Server, StartServer, ready
from tests.grounds.small_disk import SmallDisk, small_disk

MEGABYTES = 150
END_THE_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
REFUSALS = 10
MOST_BEFORE_A_REFUSAL = 2_000


def goes_through(
    server: Server,
    fault: Callable[[], object],
    end: Callable[[], object],
    meanwhile: Callable[[], object] = bool,
) -> Ledger:
    """Put an install under load, let a fault begin and end, and hold it against its ledger."""
    ledger, token = Ledger(), aged_token(server)
    with database_of(server):
        with Crowd(server, ledger, token) as crowd:
            crowd.after(20)
            fault()
            sign_until_refused(server, ledger, token)
            meanwhile()
            end()
            crowd.after(20)
        wait_until(lambda: ready(server.url), "the install did not become ready again")
        assert {answer[:3] for answer in ledger.strange} <= {"503"}
        ledger.strange.clear()
        hold_against_the_ledger(server, ledger, "afterwards")
        wait_until(lambda: mails_waiting() == 0, "mail still waits")
    assert ledger.signed - mailbox_of(server).look().keys() == set()
    return ledger


def sign_until_refused(server: Server, ledger: Ledger, token: str) -> None:
    """Sign until that was refused some times: what has room already may take some more."""
    visitor, refused = Visitor(server), 0
    for _ in range(MOST_BEFORE_A_REFUSAL):
        address = ledger.next_address()
        answer = visitor.sign(token, address)
        if is_inbox_page(answer):
            ledger.signed.add(address)
        else:
            ledger.note_strange(answer)
            refused += 1
        if refused == REFUSALS:
            return
    raise AssertionError("nobody is refused")


def counted(ledger: Ledger) -> dict[str, int]:
    """Return what the summary lists."""
    told = {"signed": len(ledger.signed), "confirmed": len(ledger.confirmed)}
    return told | {"lost": 0, "doubled": 0, "untrue": 0}


@pytest.mark.fault
@pytest.mark.usefixtures("only_at_length")
def test_an_instance_folder_without_room_loses_nothing_that_was_acknowledged(
    start_server: StartServer, tmp_path: Path, note: Note
) -> None:
    with small_disk(tmp_path / "disk", MEGABYTES) as disk:
        instance = str(disk.folder / "instance")
        server = start_server(PETITION_INSTANCE=instance, **NO_LIMITS)
        server.instance = Path(instance)
        try:
            note(**counted(goes_through(server, disk.fill, disk.empty)))
        finally:
            server.kill()


@contextmanager
def postgres_on(disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a PostgreSQL whose data lie on this disk; yield the URL of a database."""
    monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
    with running_postgres("full") as postgres:
        yield postgres.make_database("petition")
    remove("full")


@pytest.mark.fault
@pytest.mark.usefixtures("only_at_length")
def test_a_postgres_without_room_loses_nothing_that_was_acknowledged(
    start_server: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: Note
) -> None:
    with (
        small_disk(tmp_path / "disk", MEGABYTES) as disk,
        postgres_on(disk, monkeypatch) as url,
    ):
        server = start_server(DATABASE_URL=url, **NO_LIMITS)
        note(**counted(goes_through(server, disk.fill, disk.empty)))
        server.kill()


@pytest.mark.fault
@pytest.mark.usefixtures("only_at_length")
def test_a_postgres_that_takes_no_writes_loses_nothing_that_was_acknowledged(
    start_server: StartServer, databases: Databases, note: Note
) -> None:
    url = databases.empty_postgres()
    server = start_server(DATABASE_URL=url, **NO_LIMITS)

    def read_only(on: str) -> None:
        said = f"ALTER DATABASE %s SET default_transaction_read_only = {on}"
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.execute(text(said % f'"{make_url(url).database}"'))
            connection.execute(text(END_THE_OTHERS))

    def is_said() -> None:
        wait_until(lambda: not ready(server.url), "/readyz says that all is well")

    begin, end = lambda: read_only("on"), lambda: read_only("off")
    note(**counted(goes_through(server, begin, end, is_said)))
