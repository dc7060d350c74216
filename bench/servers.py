"""Programs under measurement, each behind the very command line with which the product serves."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

from bench.processes import family

ROOT = Path(__file__).resolve().parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "petition"]
SAMPLE = Path("samples") / "magnitsky-month"
NO_HOLD = "1000000000"
START_SECONDS = 60.0
STOP_SECONDS = 20.0


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One program: its web server and, if it is the product, its worker."""

    folder: Path
    url: str
    program: str = ""
    """What Gunicorn serves; empty for the product itself."""
    ready_at: str = "/"
    extra: Mapping[str, str] = field(default_factory=dict)
    root: Path = ROOT
    """The checkout that is served."""
    port: int = field(default_factory=free_port)
    web: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings: those that an install has by itself, and no limit that would be met."""
        ours = ("PETITION_", "MAIL_", "FLASK_", "BENCH_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PETITION_INSTANCE": str(self.folder),
            "DATABASE_URL": self.url,
            "PETITION_NETWORK_LIMIT": NO_HOLD,
            "PETITION_UNCONFIRMED_MAIL": NO_HOLD,
            "PETITION_DOMAIN_LIMIT": NO_HOLD,
            **self.extra,
        }

    def start(self) -> None:
        """Start the web server and wait until it answers."""
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", f"python:{_settings_of(self.root)}"]
        self.web = self._run([*gunicorn, self.program] if self.program else gunicorn)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.web.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.program or 'The product'} does not answer.")
            time.sleep(0.1)

    def start_worker(self) -> None:
        """Start the product's worker."""
        if self.worker is None:
            self.worker = self._run([*FLASK, "worker"])

    def stop_worker(self) -> None:
        """Let the worker finish what it is at, and end it."""
        _end(self.worker)
        self.worker = None

    def stop(self) -> None:
        """End everything that was started here."""
        self.stop_worker()
        _end(self.web)
        self.web = None

    def command(self, *words: str) -> str:
        """Run one of the product's own commands and return what it printed."""
        done = subprocess.run(
            [*FLASK, *words], cwd=self.root, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def web_processes(self) -> list[int]:
        """Return the processes of the web server, its first one included."""
        return family(self.web.pid) if self.web else []

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.root, env=self.environment, stdout=log, stderr=log
            )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.ready_at}") as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def make_product(folder: Path, url: str, root: Path = ROOT) -> Server:
    """Return an install of a checkout on an empty database, with its sample campaign."""
    folder.mkdir(mode=0o700, exist_ok=True)
    server = Server(folder, url, ready_at="/healthz", root=root)
    server.command("migrate")
    server.command("campaigns", "load", str(SAMPLE))
    return server


def _settings_of(root: Path) -> str:
    """Return the module with Gunicorn's settings, which has not always stood where it does now."""
    [file] = (root / "petition" / "web").rglob("gunicorn_settings.py")
    return ".".join(file.relative_to(root).with_suffix("").parts)


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
