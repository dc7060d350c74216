"""Processes of the product, forked from one that has loaded it, which takes two seconds of work.

Each has an environment, a session and an output of its own, as if it had been typed. That the
product starts when it is typed, test_serve.py and the tests of the documents show.
"""

import atexit
import io
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOADED = ["tests.grounds.loaded", __name__]
FLASK = ("flask", "--app", "petition")
WORKER = ("petition.working",)
"""What `flask --app petition worker` becomes."""
COMMAND_SECONDS = 120.0

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(LOADED)


@dataclass(frozen=True, slots=True)
class Running:
    """A process that runs, or has run; it is asked as one of `subprocess` is."""

    _process: BaseProcess

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return its exit status, negative for a signal, or None while it runs."""
        return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int:
        """Wait for its end and return its exit status. Raises TimeoutExpired."""
        self._process.join(seconds)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired(self._process.name, seconds or 0.0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def begin(module: Sequence[str], environment: Mapping[str, str], printed: Path) -> Running:
    """Start what one would type after `python -m`; what it prints is added to a file."""
    return _begin(module, environment, printed, printed)


def _begin(module: Sequence[str], environment: Mapping[str, str], out: Path, err: Path) -> Running:
    process = _forking.Process(target=_become, args=(list(module), dict(environment), out, err))
    process.start()
    return Running(process)


def flask(environment: Mapping[str, str], *words: object) -> "subprocess.CompletedProcess[str]":
    """Run one of our commands to its end; return what it printed. Raises TimeoutExpired."""
    command = [*FLASK, *map(str, words)]
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        running = _begin(command, environment, out, err)
        try:
            status = running.wait(COMMAND_SECONDS)
        finally:
            running.kill()
        return subprocess.CompletedProcess(
            command, status, out.read_text("utf-8"), err.read_text("utf-8")
        )


def _become(module: list[str], environment: dict[str, str], out: Path, err: Path) -> None:
    """Be the process: forget where this one comes from."""
    os.setsid()  # a Ctrl-C for pytest is not one for it
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for path, stream in ((out, sys.stdout), (err, sys.stderr)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, stream.fileno())
        os.close(file)
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(line_buffering=True)
    sys.argv = module
    try:
        runpy.run_module(module[0], run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()
