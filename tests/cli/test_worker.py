"""`worker` becomes a program that has no more in memory than a worker needs."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from petition.cli.worker import PROGRAM
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.signatures.arriving import ArrivedSignature
from petition.signatures.signers import Signing
from tests.factories import make_ask, signer
from tests.faults.looking import database_of
from tests.faults.visitors import mailbox_of, wait_until
from tests.grounds.processes import ROOT
from tests.grounds.servers import server_in


@pytest.mark.slow("loads the product as whoever types the command does")
def test_it_becomes_a_worker_that_takes_in_mails_and_ends_in_good_order(tmp_path: Path) -> None:
    server = server_in(tmp_path / "typed", "", {})
    assert server.flask("migrate").returncode == 0
    with database_of(server):
        ask = make_ask()
        with transaction():
            ArrivedSignature(Signing(signer(), ask.text_id, now()), None).append(ask.petition_id)
    elsewhere = [sys.executable, "-m", "flask", "--app", str(ROOT / "petition"), "worker"]
    (tmp_path / "config.py").write_text("raise SystemExit('another program')", "utf-8")
    typed = subprocess.Popen(elsewhere, cwd=tmp_path, env=dict(server.environment))

    file = server.instance / "petition.sqlite3"
    try:
        wait_until(lambda: bool(mailbox_of(server).look()), "nothing is taken in and mailed")
        assert PROGRAM in psutil.Process(typed.pid).cmdline()
        typed.send_signal(signal.SIGTERM)
        assert typed.wait(30) == 0
        assert not file.with_name(f"{file.name}-wal").exists()
    finally:
        typed.kill()
        typed.wait()
