"""PostgreSQL crashes while a batch of letters is on its way: none of it is sent a second time."""

import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from petition.core.clock import now
from petition.core.storage import database as core_database
from petition.core.storage.database import engine, session, transaction
from petition.letters.letter.models import Letter, LetterState
from petition.letters.post import batches
from petition.letters.post.models import LetterPlace
from tests.factories import NOON
from tests.faults.visitors import wait_until
from tests.grounds.databases import migrate
from tests.grounds.postgres import remove, running_postgres
from tests.letters.fates import begin, claim
from tests.letters.posting import queued


@pytest.fixture
def own_postgres(instance: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that a test may crash: nobody else uses it."""
    monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)
    run = f"crash_{secrets.token_hex(4)}"
    with running_postgres(run) as server:
        url = server.make_database("petition")
        migrate(url)
        core_database.configure(url)
        yield
        core_database.dispose()
    remove(run)


def crash() -> None:
    """Kill a process of the server, as the kernel does when memory is short; wait until it is up.

    It then forgets what its processes shared, and reads its log again.
    """
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(process, signal.SIGKILL)
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    core_database.engine().dispose()
    session.remove()
    wait_until(is_up, "the server does not come back", most=30)


def is_up() -> bool:
    """Whether the server answers."""
    try:
        with engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError:
        return False
    return True


@pytest.mark.fault
@pytest.mark.usefixtures("own_postgres")
def test_a_batch_whose_place_was_lost_waits_for_a_person() -> None:
    for _ in range(3):
        queued()
    with transaction():
        claimed = claim(NOON, worker="dead")
    assert begin(claimed[0])
    crash()

    assert session.scalars(select(LetterPlace.letter_id)).all() == []
    with transaction():
        batches.settle_abandoned(now())
    assert session.scalars(select(Letter.state)).all() == [LetterState.UNKNOWN] * 3
