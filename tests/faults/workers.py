"""A worker in a process of its own, on the database of a test."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config import Config
from tests.grounds.servers import ROOT, clean_environment

STOPS_WITHIN = 20.0
"""Seconds in which a worker ends that is told to, however slow the machine is."""


@contextmanager
def worker_of(
    config: Config, printed: Path, settings: Mapping[str, str], *, ahead: float = 0.0
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker of this install until it is told to stop, on a host whose clock is ahead."""
    ours = {"PETITION_INSTANCE": str(config.instance), "DATABASE_URL": config.database_url}
    with printed.open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.skewed", str(ahead), "worker"],
            cwd=ROOT,
            env={**clean_environment(), **ours, **settings},
            stdout=log,
            stderr=log,
        )
    try:
        yield worker
        worker.terminate()
        assert worker.wait(STOPS_WITHIN) == 0
    finally:
        worker.kill()
        worker.wait()
