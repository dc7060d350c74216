"""`serve`: everything that one machine needs, in one command."""

import fcntl
import multiprocessing
import os
import runpy
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType
from typing import TextIO

import click
from sqlalchemy import exists, select

from config import Config
from petition.campaigns.models import Campaign
from petition.cli.migrate import bring_up_to_date
from petition.cli.organisers import first_invitation
from petition.cli.worker import PROGRAM
from petition.core.clock import now
from petition.core.process import give_name
from petition.core.storage import database
from petition.core.storage.database import session, transaction
from petition.publishing.loading import load_campaign
from petition.publishing.removing import sample_was_removed

SAMPLES = Path(__file__).parent.parent.parent / "samples"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
READY_WITHIN = 60.0
STOP_WITHIN = 15.0
COMMANDS = {
    "web": ["gunicorn", "-c", "python:petition.web.serving.served_settings"],
    "worker": [PROGRAM, "--end-with-parent"],
}
"""What runs, as one would type it after `python -m`."""


def make_command(config: Config) -> click.Command:
    """Return the command that serves with these settings."""

    @click.command("serve")
    @click.option("--no-sample", is_flag=True, help="Begin without the sample campaign.")
    def command(*, no_sample: bool) -> None:
        """Prepare the database, then run the web server and a worker until Ctrl-C."""
        with lock_of(config) as lock:
            refuse_a_taken_port(config)
            bring_up_to_date()
            if not no_sample:
                load_sample_once()
            children = Children(config, lock)
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
    """Load the sample campaign into an install that has none, and from which none was removed."""
    with transaction():
        has_any = session.scalar(select(exists(select(Campaign.id))))
        if not has_any and not sample_was_removed():
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
    """The web server and the worker, started together, restarted when one dies, ended together.

    They are forked, so that what the product is made of is loaded once and lies in memory once.
    """

    def __init__(self, config: Config, lock: TextIO) -> None:
        self.config = config
        self._lock = lock
        self._stopped = threading.Event()
        self._running: dict[str, ForkProcess] = {}
        self._lifeline, self._held = os.pipe()

    def start(self) -> None:
        """Start both; from now on Ctrl-C and SIGTERM end them."""
        for number in ENDING:
            signal.signal(number, self._on_signal)
        for name in COMMANDS:
            self._start(name)

    def _start(self, name: str) -> None:
        """Fork a child. Raises OSError where the machine has no room for one."""
        database.dispose()  # a connection in two processes would be locked for neither
        forking = multiprocessing.get_context("fork")
        child = forking.Process(target=self._become, args=(name,), name=name)
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # until the child hears them itself
        try:
            child.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        self._running[name] = child
        database.configure(self.config.database)

    def _become(self, name: str) -> None:
        """Be the child, as a process of its own that knows of nothing but its command."""
        os.setsid()  # Ctrl-C in the terminal reaches the parent alone, which ends us in order
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        # The other end of our standard input is the parent's alone: when it is killed, it ends.
        os.dup2(self._lifeline, 0)
        os.close(self._held)
        self._lock.close()
        give_name(f"petition {name}")
        sys.argv = list(COMMANDS[name])
        try:
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        finally:
            database.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped.set()

    def wait_until_ready(self) -> bool:
        """Wait until the server answers that everything works; false when it does not."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and not self._stopped.is_set():
            if not all(child.is_alive() for child in self._running.values()):
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
                if not child.is_alive():
                    click.echo(f"The {name} ended unexpectedly and is started again.", err=True)
                    self._stopped.wait(1.0)
                    if not self._stopped.is_set():
                        self._start_again(name)

    def _start_again(self, name: str) -> None:
        try:
            self._start(name)
        except OSError as fault:  # the next look tries once more
            click.echo(f"The {name} cannot be started: {fault.strerror}.", err=True)

    def stop(self) -> None:
        """End both in good order; after a while, at once."""
        for child in self._running.values():
            child.terminate()
        for child in self._running.values():
            child.join(STOP_WITHIN)
            child.kill()
            child.join()
