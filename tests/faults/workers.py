"""Workers and web servers in processes of their own, on the database of a test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config import Config
from tests.grounds.mail import LOOPBACK
from tests.grounds.processes import FLASK, WORKER, Running, begin
from tests.grounds.servers import clean_environment

STOPS_WITHIN = 20.0
"""Seconds in which a worker ends that is told to, however slow the machine is."""


@contextmanager
def worker_of(
    config: Config, printed: Path, settings: Mapping[str, str], *, ahead: float = 0.0
) -> Iterator[Running]:
    """Run a worker of this install until it is told to stop, on a host whose clock is ahead."""
    with _running(config, [*WORKER], printed, settings, ahead) as worker:
        yield worker
        worker.terminate()
        assert worker.wait(STOPS_WITHIN) == 0


@contextmanager
def web_of(config: Config, printed: Path, port: int, *, ahead: float) -> Iterator[str]:
    """Run a web server of this install on a host whose clock is ahead; yield its address."""
    settings = {"PORT": str(port)}
    with _running(config, [*FLASK, "run", "--port", str(port)], printed, settings, ahead):
        yield f"http://{LOOPBACK}:{port}"


@contextmanager
def _running(
    config: Config, command: list[str], printed: Path, settings: Mapping[str, str], ahead: float
) -> Iterator[Running]:
    ours = {"PETITION_INSTANCE": str(config.instance), "DATABASE_URL": config.database_url}
    environment = {**clean_environment(), **ours, **settings}
    process = begin(["tests.faults.skewed", str(ahead), *command], environment, printed)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
