"""A disk fills up while a file is made: it has failed, nothing of it is left, and all goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from petition.core.storage.database import session
from petition.jobs.models import Job, JobFailure
from tests.exports.writing.test_sheets import sign_often
from tests.factories import NOON
from tests.faults.files_in_making import (
    FILES,
    ROWS,
    Watched,
    at_rest,
    hold_against_its_record,
    start,
)
from tests.faults.test_disk import MEGABYTES, postgres_on
from tests.faults.visitors import wait_until
from tests.grounds.databases import KINDS
from tests.grounds.replays import Note
from tests.grounds.servers import Server, StartServer
from tests.grounds.small_disk import SmallDisk, small_disk

ROOM = 300_000
"""Enough to ask for a file, and not for the file."""


@contextmanager
def started_on(
    disk: SmallDisk, kind: str, start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """Start an install whose database lies on this disk."""
    if kind == "postgres":
        with postgres_on(disk, monkeypatch) as url:
            server = start_server(DATABASE_URL=url)
            yield server
            server.kill()
        return
    server = start_server(PETITION_INSTANCE=str(disk.folder / "instance"))
    server.instance = disk.folder / "instance"
    yield server
    server.kill()


@pytest.mark.fault
@pytest.mark.usefixtures("only_at_length")
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_room_has_failed_in_words_and_is_made_once_there_is_room(
    kind: str,
    start_server: StartServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    note: Note,
) -> None:
    with (
        small_disk(tmp_path / "disk", MEGABYTES) as disk,
        started_on(disk, kind, start_server, monkeypatch) as server,
        at_rest(server) as (ask, organiser),
    ):
        sign_often(ask, ROWS, at=NOON)
        worker = start(server)

        def made(name: str) -> Watched:
            job = Watched(FILES[name](ask, organiser))
            wait_until(job.is_over, "the job does not end")
            return job

        disk.fill(but=ROOM)
        job = made("pack")
        assert not hold_against_its_record(job)
        assert session.get_one(Job, job.number).failure is JobFailure.NO_ROOM
        session.remove()
        disk.empty()
        assert all(hold_against_its_record(made(name)) for name in FILES)
        worker.kill()
        worker.wait()
    note(given_up=1, made=len(FILES), half=0)
