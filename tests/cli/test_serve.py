"""`bin/serve` holds its instance alone, leaves nobody behind, and is closed to others."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.faults.visitors import wait_until
from tests.grounds.processes import FLASK, ROOT
from tests.grounds.servers import (
    ONE_PROCESS,
    Server,
    ServerFailed,
    StartServer,
    ready,
    server_in,
)


def test_an_instance_that_is_served_already_is_named_with_the_process(
    live_server: Server, start_server: StartServer
) -> None:
    assert live_server.process is not None
    said = f"is being served already, by process {live_server.process.pid}\\."

    with pytest.raises(ServerFailed, match=said):
        start_server(PETITION_INSTANCE=str(live_server.instance))


@pytest.mark.slow("loads the product as whoever types the command does")
def test_it_starts_and_ends_as_it_is_typed(tmp_path: Path) -> None:
    server = server_in(tmp_path / "typed", "", ONE_PROCESS)
    with server.log.open("wb") as log:
        typed = subprocess.Popen(
            [sys.executable, "-m", *FLASK, "serve"],
            cwd=ROOT,
            env=dict(server.environment),
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: ready(server.url), server.printed)
        typed.send_signal(signal.SIGINT)
        assert typed.wait(30) == 0
    finally:
        typed.kill()
        typed.wait()
    assert "First organiser: " in server.printed


@pytest.mark.fault
def test_when_it_is_killed_its_children_end_and_it_may_start_again(live_server: Server) -> None:
    before = live_server.processes()
    assert live_server.process is not None
    assert len(before) > 3
    live_server.process.kill()
    live_server.process.wait()

    wait_until(lambda: live_server.processes() == [], "somebody lives on")
    live_server.start()


def children_called(name: str, server: Server) -> list[psutil.Process]:
    """Return the processes of this name that the first one has started."""
    assert server.process is not None
    children = psutil.Process(server.process.pid).children()
    return [one for one in server.processes(name) if one in children]


@pytest.mark.fault
def test_a_web_server_that_is_started_again_shares_no_file_and_leaves_the_database_whole(
    start_server: StartServer,
) -> None:
    server = start_server(**ONE_PROCESS)
    [first] = children_called("petition web", server)
    first.kill()
    wait_until(lambda: children_called("petition web", server) not in ([], [first]), "none begins")
    wait_until(lambda: ready(server.url), "it is not ready")
    [second] = children_called("petition web", server)

    assert [file.path for file in second.open_files() if "sqlite" in file.path] == []
    assert server.stop() == 0
    assert [path.name for path in server.instance.glob("petition.sqlite3*")] == ["petition.sqlite3"]


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux alone tells another's limits")
def test_its_processes_write_no_core_and_its_files_are_nobody_elses(live_server: Server) -> None:
    limits = {one.rlimit(psutil.RLIMIT_CORE) for one in live_server.processes()}
    files = list(live_server.instance.rglob("*"))

    assert limits == {(0, 0)}
    assert files
    assert [path for path in files if path.stat().st_mode & 0o077] == []
