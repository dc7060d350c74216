"""The export of every signature, as an organiser downloads it; beside it, the ceilings."""

import hashlib
import http.client
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from bench.fill import Target
from bench.postgres import plain
from bench.processes import cpu_seconds, family, peak_kilobytes, restart_peak
from bench.servers import ROOT, Server
from petition.core.clock import now
from petition.core.keyring.sealing import signing_key
from petition.core.storage import database
from petition.core.storage.database import session, transaction
from petition.exports.models import Export
from petition.jobs.models import UNFINISHED, JobState
from petition.organisers import sessions
from petition.organisers.models import Identity, Organiser, Role

CHUNK = 1 << 18
LOOK_SECONDS = 0.05
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class ExportWrong(RuntimeError):
    """The file is not what the record says, or not what it should hold."""


@dataclass(slots=True)
class Taken:
    """A file as its reader got it."""

    seconds: float = 0.0
    first_byte: float = 0.0
    size: int = 0
    lines: int = 0
    sha256: str = ""
    growth_kilobytes: int = 0
    """By how much the most that a process of the web server held grew."""
    peak_kilobytes: int = 0
    """The most that a process of the product held at once."""
    cpu: float = 0.0
    """Seconds of processor in the program that writes the file."""
    database_cpu: float | None = None


@dataclass(slots=True)
class Files:
    """The rounds of one way to get the file; the figures are those of the median round."""

    rounds: list[Taken]

    def figure(self, of: Callable[[Taken], float]) -> float:
        """Return the median of a figure."""
        return median(of(taken) for taken in self.rounds)


def read(stream: Any, started: float) -> Taken:
    """Read a file to its end without keeping it."""
    taken, digest = Taken(), hashlib.sha256()
    while piece := stream.read1(CHUNK):
        if not taken.size:
            taken.first_byte = time.perf_counter() - started
        taken.size += len(piece)
        taken.lines += piece.count(b"\n")  # no cell that we filled in has one
        digest.update(piece)
    taken.seconds = time.perf_counter() - started
    taken.sha256 = digest.hexdigest()
    return taken


@dataclass(frozen=True, slots=True)
class Desk:
    """An organiser at the export page of one petition."""

    server: Server
    database_pid: int | None
    path: str
    cookie: str
    rows: int

    def export(self, file_format: str = "csv") -> tuple[Taken, Taken]:
        """Have the file made, download it, and hold it against the record. Raises ExportWrong.

        Of the making, the first byte is the first progress that somebody who looks on sees.
        """
        assert self.server.worker is not None
        assert self.server.web is not None
        watched = Watched(family(self.server.worker.pid), self.database_pid)
        page, made = self._make(watched.started, file_format)
        watched.note(made)
        watched = Watched(self.server.web_processes(), self.database_pid)
        fetched = self._download(page)
        watched.note(fetched)
        made.size, made.lines, made.sha256 = fetched.size, fetched.lines, fetched.sha256
        self._check(fetched, fetched.lines - (file_format == "csv"))
        return made, fetched

    def _make(self, started: float, file_format: str) -> tuple[str, Taken]:
        """Ask for the file and wait until it is made; return its page."""
        made = Taken()
        wanted = {"scope": "confirmed", "preset": "spreadsheet", "format": file_format}
        answer, _ = self._post(self.path, {"why": "Measuring", **wanted})
        page = answer.getheader("Location")
        if answer.status != 303 or page is None:
            raise ExportWrong(f"Asking for an export was answered {answer.status}.")
        number = int(page.rpartition("/")[2])
        while True:
            record = session.get_one(Export, number, populate_existing=True)
            session.remove()
            assert record.job is not None
            moment = time.perf_counter() - started
            if record.job.state not in UNFINISHED:
                break
            if record.job.steps_done and not made.first_byte:
                made.first_byte = moment
            time.sleep(LOOK_SECONDS)
        if record.job.state is not JobState.DONE:
            raise ExportWrong(f"The export is {record.job.state}.")
        made.seconds, made.first_byte = moment, made.first_byte or moment
        return page, made

    def _download(self, page: str) -> Taken:
        answer, cookie = self._post(page, {})
        if answer.status != 303:
            raise ExportWrong(f"Downloading was answered {answer.status}.")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        started = time.perf_counter()
        connection.request("GET", f"{page}/file", headers={"Cookie": cookie})
        given = connection.getresponse()
        if given.status != 200:
            raise ExportWrong(f"The file answered {given.status}.")
        taken = read(given, started)
        connection.close()
        return taken

    def _post(self, path: str, values: dict[str, str]) -> tuple[http.client.HTTPResponse, str]:
        """Fill in the form at `path` and post it; return the answer and the cookie."""
        token, cookie = self._open_form(path)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        }
        connection.request("POST", path, urlencode({**values, "csrf_token": token}), headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer, cookie

    def _open_form(self, path: str) -> tuple[str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        page, found = answer.read().decode(), answer.getheader("Set-Cookie")
        connection.close()
        token = CSRF.search(page)
        if answer.status != 200 or token is None:
            raise ExportWrong(f"The export page answered {answer.status}.")
        return token[1], found.partition(";")[0] if found else self.cookie

    def _check(self, taken: Taken, rows: int) -> None:
        record = session.scalars(select(Export).order_by(Export.id.desc()).limit(1)).one()
        session.remove()
        agrees = record.sha256 == taken.sha256 and record.row_count == rows
        if not agrees or record.row_count != self.rows:
            raise ExportWrong(f"{rows} rows came; the record says {record.row_count}.")


class Watched:
    """What some processes and the database cost from now on."""

    def __init__(self, pids: list[int], database_pid: int | None) -> None:
        self._pids, self._database_pid = pids, database_pid
        for pid in pids:
            restart_peak(pid)
        self._peaks = {pid: peak_kilobytes(pid) for pid in pids}
        self._cpu, self._database_cpu = self._now()
        self.started = time.perf_counter()

    def note(self, taken: Taken) -> None:
        """Note what it was."""
        cpu, database_cpu = self._now()
        taken.cpu = cpu - self._cpu
        taken.database_cpu = database_cpu - self._database_cpu if self._database_pid else None
        peaks = {pid: peak_kilobytes(pid) for pid in self._pids}
        taken.growth_kilobytes = max(peak - self._peaks[pid] for pid, peak in peaks.items())
        taken.peak_kilobytes = max(peaks.values())

    def _now(self) -> tuple[float, float]:
        database = cpu_seconds(self._database_pid) if self._database_pid else 0.0
        return cpu_seconds(self._pids[0]), database


def sit_down(
    server: Server,
    target: Target,
    slug: str,
    rows: int,
    database_pid: int | None,
    *,
    role: Role = Role.EXPORTER,
) -> Desk:
    """Let a made-up organiser log in, by a session in the database as a login leaves it."""
    database.configure(target.url)
    with transaction():
        organiser = Organiser(role=role, password_hash="none", created_at=now())
        organiser.identify(Identity("Exporter", "exporter@example.org"))
        session.add(organiser)
        session.flush()
        token = sessions.begin(organiser.id, now(), second_factor=True)
    app = Flask("cookies")
    app.secret_key = signing_key()
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = f"organiser={serializer.dumps({'token': token})}"
    return Desk(server, database_pid, f"/organiser/petitions/{slug}/exports", cookie, rows)


def ceiling(kind: str, target: Target, rows: int, database_pid: int | None) -> Taken:
    """Get the rows in one of the ways that do nothing else."""
    command = [sys.executable, "-m", "bench.ceilings", kind, plain(target.url)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*command, str(target.petition_id)], cwd=ROOT, stdin=pipe, stdout=pipe
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        cpu = cpu_seconds(process.pid)
        database_cpu = cpu_seconds(database_pid) if database_pid else 0.0
        started = time.perf_counter()
        process.stdin.write(b"go\n")
        process.stdin.flush()
        taken = read(process.stdout, started)
        taken.cpu = cpu_seconds(process.pid) - cpu
    if database_pid:
        taken.database_cpu = cpu_seconds(database_pid) - database_cpu
    if process.returncode or taken.lines != rows:
        raise ExportWrong(f"{kind}: {taken.lines} rows, status {process.returncode}.")
    return taken
