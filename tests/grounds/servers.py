"""The real product in processes of its own, as `bin/serve` starts it."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.grounds.databases import Databases
from tests.grounds.mail import LOOPBACK, free_port
from tests.grounds.processes import FLASK, Running, begin, flask

ADDRESS = re.compile(r"^(Campaign|Mailbox|First organiser|Organisers):\s+(\S+)$", re.MULTILINE)
LAST_ADDRESS = {"First organiser", "Organisers"}
START_SECONDS = 90.0
STOP_SECONDS = 30.0
ONE_PROCESS = {"PETITION_WEB_PROCESSES": "1"}
"""For a test that asks nothing of a second web process: each costs a start of the product."""


class ServerFailed(AssertionError):
    """The product did not start or stop as it should; carries what it printed."""


@dataclass
class Server:
    """One running install."""

    instance: Path
    port: int
    environment: Mapping[str, str]
    log: Path
    addresses: dict[str, str] = field(default_factory=dict)
    process: Running | None = None
    _read_from: int = 0
    _seen: set[psutil.Process] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The address of the web server, without a slash at its end."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def campaign(self) -> str:
        """The address of the campaign, as printed."""
        return self.addresses["Campaign"]

    @property
    def mailbox(self) -> str:
        """The address of the file mailbox, as printed."""
        return self.addresses["Mailbox"]

    @property
    def invitation(self) -> str:
        """The single-use link for the first organiser, as printed."""
        return self.addresses["First organiser"]

    @property
    def printed(self) -> str:
        """All that the processes printed so far."""
        return self.log.read_text("utf-8", errors="replace") if self.log.exists() else ""

    def start(self) -> None:
        """Start web server and worker, and wait until they are ready."""
        self._read_from = len(self.printed)
        self.addresses.clear()
        self.process = begin([*FLASK, "serve"], self.environment, self.log)
        try:
            self._wait(self._has_started, "did not start")
        except ServerFailed:
            self.kill()
            raise

    def stop(self) -> int:
        """Press Ctrl-C, wait for a clean end of all processes and return the exit status."""
        process = self._running()
        self.processes()
        process.send_signal(signal.SIGINT)
        try:
            status = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ServerFailed(f"Still running after Ctrl-C:\n{self.printed}") from None
        left = [_name_of(one) for one in self.processes()]
        self.kill()
        if left:
            raise ServerFailed(f"Left behind after Ctrl-C: {left}")
        return status

    def flask(self, *words: object) -> "subprocess.CompletedProcess[str]":
        """Run one of our commands beside it, or in its place; return what it printed."""
        return flask(self.environment, *words)

    def kill(self) -> None:
        """Kill every process of the install at once, as a power cut would.

        All are held still first: a parent that sees its child die would fork another.
        """
        held: set[psutil.Process] = set()
        while found := set(self.processes()) - held:
            for one in found:
                with suppress(psutil.NoSuchProcess):
                    one.suspend()
            held |= found
        for one in held:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(held, STOP_SECONDS)
        if self.process is not None:
            self.process.wait()
            self.process = None

    def processes(self, containing: str = "") -> list[psutil.Process]:
        """Return the running processes of this install whose name has these words.

        One that was seen before is found without its parent too.
        """
        if self.process is not None and self.process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                self._seen.add(psutil.Process(self.process.pid))
        for one in list(self._seen):
            with suppress(psutil.NoSuchProcess):
                self._seen.update(one.children(recursive=True))
        self._seen = {one for one in self._seen if _runs(one)}
        return [one for one in self._seen if containing in _name_of(one)]

    def _has_started(self) -> bool:
        self.addresses.update(ADDRESS.findall(self.printed[self._read_from :]))
        return bool(LAST_ADDRESS & self.addresses.keys()) and ready(self.url)

    def _running(self) -> Running:
        if self.process is None:
            raise ServerFailed("The server is not running.")
        return self.process

    def _wait(self, done: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not done():
            if self._running().poll() is not None:
                raise ServerFailed(f"It ended at once:\n{self.printed}")
            if time.monotonic() > deadline:
                raise ServerFailed(f"It {complaint} in {START_SECONDS:.0f} s:\n{self.printed}")
            time.sleep(0.1)


def _runs(one: psutil.Process) -> bool:
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _name_of(one: psutil.Process) -> str:
    try:
        return str(one.name())
    except psutil.NoSuchProcess:
        return ""


def ready(url: str) -> bool:
    """Whether the install at this address says that it is ready."""
    try:
        with urlopen(f"{url}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> "Begun":
    """Installs as their first start leaves them."""
    return Begun(tmp_path_factory.mktemp("begun"), databases)


@pytest.fixture
def start_server(tmp_path: Path, begun: "Begun") -> Iterator[StartServer]:
    """Start installs of their own: `start_server("postgres", MAIL_SERVER=smtp_server.url)`."""
    with starting(tmp_path, begun) as start:
        yield start


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory, begun: "Begun") -> Iterator[Server]:
    """An install on SQLite with the sample campaign; the tests of a module share it, unharmed."""
    with starting(tmp_path_factory.mktemp("live"), begun) as start:
        server = start(**ONE_PROCESS)
        yield server
        server.stop()


class Begun:
    """Installs that have been started once and stopped in order, one for each kind of database.

    Their copies spare each test a second of migrations and of loading the sample campaign.
    """

    def __init__(self, folder: Path, databases: Databases) -> None:
        self._folder, self._databases = folder, databases
        self._urls: dict[str, str] = {}

    def copy(self, kind: str, instance: Path) -> str:
        """Make such an install in a folder; return the URL of its database, "" for its own file."""
        if kind not in self._urls:
            self._urls[kind] = self._begin(kind)
        shutil.copytree(self._folder / kind, instance)
        return self._databases.copied_postgres(self._urls[kind]) if self._urls[kind] else ""

    def _begin(self, kind: str) -> str:
        url = self._databases.empty_postgres() if kind == "postgres" else ""
        server = server_in(self._folder / kind, url, ONE_PROCESS)
        server.start()
        assert server.stop() == 0
        (server.instance / "serve.lock").unlink()
        forget_key_holders(url or f"sqlite:///{server.instance / 'petition.sqlite3'}")
        return url


def forget_key_holders(url: str) -> None:
    """Let a database not know who has held its keys: a folder that is copied is another holder."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM key_holder"))


@contextmanager
def starting(folder: Path, begun: Begun) -> Iterator[StartServer]:
    """Start installs below this folder; they are killed at the end.

    One that is given a folder or a database starts with what it finds there.
    """
    servers: list[Server] = []

    def start(kind: str = "sqlite", **settings: str) -> Server:
        instance = folder / f"install-{len(servers)}"
        is_given = bool(settings.keys() & {"PETITION_INSTANCE", "DATABASE_URL"})
        url = "" if is_given else begun.copy(kind, instance)
        server = server_in(instance, url, settings)
        servers.append(server)
        server.start()
        return server

    try:
        yield start
    finally:
        for server in servers:
            server.kill()


def server_in(instance: Path, url: str, settings: Mapping[str, str]) -> Server:
    """Return an install that has not been started; what it prints stands beside its folder."""
    environment = clean_environment() | {
        "DATABASE_URL": url,
        "PETITION_INSTANCE": str(instance),
        "PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    log = instance.with_suffix(".log")
    return Server(instance, int(environment["PORT"]), environment, log)


def clean_environment() -> dict[str, str]:
    """Return this process's environment without the product's own settings."""
    ours = ("PETITION_", "MAIL_", "FLASK_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and name not in {"PORT", "HOST", "DATABASE_URL"}
    }
