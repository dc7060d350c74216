"""`worker` becomes a program that has no more in memory than a worker needs."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from petition.cli.worker import PROGRAM
from tests.faults.visitors import wait_until
from tests.grounds.processes import ROOT
from tests.grounds.servers import server_in


@pytest.mark.slow("loads the product as whoever types the command does")
def test_it_becomes_a_worker_and_ends_in_good_order(tmp_path: Path) -> None:
    server = server_in(tmp_path / "typed", "", {})
    assert server.flask("migrate").returncode == 0
    elsewhere = [sys.executable, "-m", "flask", "--app", str(ROOT / "petition"), "worker"]
    (tmp_path / "config.py").write_text("raise SystemExit('another program')", "utf-8")
    typed = subprocess.Popen(elsewhere, cwd=tmp_path, env=dict(server.environment))

    file = server.instance / "petition.sqlite3"

    def works() -> bool:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT 1 FROM worker").fetchone())

    try:
        wait_until(works, "no worker gives a sign of life")
        assert PROGRAM in psutil.Process(typed.pid).cmdline()
        typed.send_signal(signal.SIGTERM)
        assert typed.wait(30) == 0
        assert not file.with_name(f"{file.name}-wal").exists()
    finally:
        typed.kill()
        typed.wait()
