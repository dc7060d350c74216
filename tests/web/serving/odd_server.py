"""The odd application, served by our worker under the settings of the product."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.grounds.mail import LOOPBACK, free_port
from tests.grounds.processes import ROOT
from tests.grounds.servers import clean_environment

ANSWER_SECONDS = 30.0
LIMIT = "2"
ONE_PROCESS_TWO_THREADS = {"PETITION_WEB_PROCESSES": "1", "PETITION_WEB_THREADS": "2"}


@dataclass(frozen=True, slots=True)
class Odd:
    """The odd application, served."""

    port: int
    log: Path
    process: "subprocess.Popen[bytes]"

    def ask(self, path: str, body: bytes | None = None) -> bytes:
        """Return what a page says."""
        connection = HTTPConnection(LOOPBACK, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET" if body is None else "POST", path, body)
            return connection.getresponse().read()
        finally:
            connection.close()

    def line(self) -> socket.socket:
        """Return a connection."""
        return socket.create_connection((LOOPBACK, self.port), timeout=ANSWER_SECONDS)

    def lines_of_log(self) -> list[str]:
        """Return what was logged."""
        return self.log.read_text("utf-8").splitlines()


@contextmanager
def served(folder: Path, worker: str, **settings: str) -> Iterator[Odd]:
    """Serve the odd application as our settings say, with a worker class of ours."""
    port, log = free_port(), folder / "odd.log"
    environment = clean_environment() | {"PORT": str(port), **ONE_PROCESS_TWO_THREADS, **settings}
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:petition.web.serving.gunicorn_settings",
    ]
    application = "tests.web.serving.odd_application"
    ours = [f"--worker-class={worker}", f"--timeout={LIMIT}", f"{application}:application"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*gunicorn, *ours], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        odd = Odd(port, log, process)
        wait_until_it_answers(odd)
        yield odd
    finally:
        process.terminate()
        process.wait(ANSWER_SECONDS)


def wait_until_it_answers(odd: Odd) -> bytes:
    """Return its first answer."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            return odd.ask("/")
        except OSError:
            assert time.monotonic() < deadline, odd.log.read_text("utf-8")
            time.sleep(0.05)
