"""`serve`: everything that one machine needs, in one command."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import TextIO

import click
from sqlalchemy import func, select

from config import Config
from petition.campaigns.models import Campaign
from petition.cli.campaign_folder import load_campaign
from petition.cli.migrate import bring_up_to_date
from petition.cli.organisers import first_invitation
from petition.core.clock import now
from petition.core.database import session, transaction

SAMPLES = Path(__file__).parent.parent.parent / "samples"
READY_WITHIN = 60.0
STOP_WITHIN = 15.0


def make_command(config: Config) -> click.Command:
    """Return the command that serves with these settings."""

    @click.command("serve")
    def command() -> None:
        """Prepare the database, then run the web server and a worker until Ctrl-C."""
        with lock_of(config):
            refuse_a_taken_port(config)
            bring_up_to_date()
            load_sample_once()
            children = Children(config)
            try:
                children.start()
                if not children.wait_until_ready():
                    raise click.ClickException("The server did not become ready; see above why.")
                for line in addresses(config):
                    click.echo(line)
                children.watch()
            finally:
                children.stop()

    return command


def lock_of(config: Config) -> TextIO:
    """Return the file that says who serves this instance, ours as long as it is open.

    Ends with a clear sentence where another process has it.
    """
    lock = (config.instance / "serve.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        who = lock.read().strip()
        lock.close()
        raise click.ClickException(
            f"This instance is being served already, by process {who}. Stop that "
            "one first, or name another folder in PETITION_INSTANCE."
        ) from None
    lock.truncate(0)
    print(os.getpid(), file=lock, flush=True)
    return lock


def refuse_a_taken_port(config: Config) -> None:
    """End with a clear sentence where another program has the port already."""
    try:
        with socket.create_server((config.host, config.port)):
            pass
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise click.ClickException(
            f"Port {config.port} on {config.host} cannot be used ({reason}). "
            f"Choose another, for example: PORT={config.port + 1} bin/serve"
        ) from None


def load_sample_once() -> None:
    """Load the sample campaign into an install that has none."""
    with transaction():
        if session.scalar(select(func.count()).select_from(Campaign)) == 0:
            load_campaign(SAMPLES / "magnitsky-month", now())


def addresses(config: Config) -> list[str]:
    """Return the lines that tell where everything is."""
    lines = [f"Campaign: {config.url}/"]
    if config.shows_mailbox:
        lines.append(f"Mailbox: {config.url}/mailbox/")
    invitation = first_invitation(config.url)
    if invitation:
        lines.append(f"First organiser: {invitation}")
    else:
        lines.append(f"Organisers: {config.url}/organiser/")
    return lines


class Children:
    """The web server and the worker, started together, restarted when one dies, ended together."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._stopped = threading.Event()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        flask = [sys.executable, "-m", "flask", "--app", "petition"]
        self._commands = {
            "web": [
                sys.executable,
                "-m",
                "gunicorn",
                "-c",
                "python:petition.web.served_settings",
            ],
            "worker": [*flask, "worker", "--end-with-parent"],
        }
        self._lifeline, self._held = os.pipe()

    def start(self) -> None:
        """Start both; from now on Ctrl-C and SIGTERM end them."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGHUP, self._on_signal)
        for name in self._commands:
            self._start(name)

    def _start(self, name: str) -> None:
        # A group of its own: Ctrl-C in the terminal reaches us alone, and we end it in order.
        # The other end of its standard input is ours alone: when we are killed, it ends too.
        self._running[name] = subprocess.Popen(
            self._commands[name], stdin=self._lifeline, start_new_session=True
        )

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped.set()

    def wait_until_ready(self) -> bool:
        """Wait until the server answers that everything works; false when it does not."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and not self._stopped.is_set():
            if any(child.poll() is not None for child in self._running.values()):
                return False
            if self._is_ready():
                return True
            self._stopped.wait(0.1)
        return self._stopped.is_set()

    def _is_ready(self) -> bool:
        host = "127.0.0.1" if self.config.host in {"0.0.0.0", "::"} else self.config.host  # noqa: S104 - compared, not bound
        url = f"http://{host}:{self.config.port}/readyz"
        request = urllib.request.Request(url, headers={"Host": self.config.trusted_hosts[0]})
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def watch(self) -> None:
        """Restart whichever dies, until told to stop."""
        while not self._stopped.wait(0.5):
            for name, child in list(self._running.items()):
                if child.poll() is not None:
                    click.echo(f"The {name} ended unexpectedly and is started again.", err=True)
                    self._stopped.wait(1.0)
                    if not self._stopped.is_set():
                        self._start(name)

    def stop(self) -> None:
        """End both in good order; after a while, at once."""
        for child in self._running.values():
            if child.poll() is None:
                child.terminate()
        for child in self._running.values():
            try:
                child.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
