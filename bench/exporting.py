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
from bench.processes import cpu_seconds, peak_kilobytes, restart_peak
from bench.servers import ROOT, Server
from petition.core.clock import now
from petition.core.keyring.sealing import signing_key
from petition.core.storage import database
from petition.core.storage.database import session, transaction
from petition.exports.models import Export
from petition.organisers import sessions
from petition.organisers.models import Identity, Organiser, Role

CHUNK = 1 << 18
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

    def export(self) -> Taken:
        """Download the file and hold it against the record. Raises ExportWrong."""
        token, cookie = self._open_form()
        assert self.server.web is not None
        pids = self.server.web_processes()
        for pid in pids:
            restart_peak(pid)
        peaks = {pid: peak_kilobytes(pid) for pid in pids}
        cpu, database_cpu = cpu_seconds(self.server.web.pid), self._database_cpu()
        taken = self._download(token, cookie)
        taken.cpu = cpu_seconds(self.server.web.pid) - cpu
        if database_cpu is not None:
            taken.database_cpu = (self._database_cpu() or 0.0) - database_cpu
        taken.growth_kilobytes = max(peak_kilobytes(pid) - peaks[pid] for pid in pids)
        self._check(taken)
        return taken

    def _open_form(self) -> tuple[str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request("GET", self.path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        page, found = answer.read().decode(), answer.getheader("Set-Cookie")
        connection.close()
        token = CSRF.search(page)
        if answer.status != 200 or token is None:
            raise ExportWrong(f"The export page answered {answer.status}.")
        return token[1], found.partition(";")[0] if found else self.cookie

    def _download(self, token: str, cookie: str) -> Taken:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        body = urlencode({"why": "Measuring", "scope": "confirmed", "csrf_token": token})
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        }
        started = time.perf_counter()
        connection.request("POST", self.path, body, headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise ExportWrong(f"The export answered {answer.status}.")
        taken = read(answer, started)
        connection.close()
        return taken

    def _check(self, taken: Taken) -> None:
        newest = select(Export).order_by(Export.id.desc()).limit(1)
        deadline = time.monotonic() + 5.0
        while True:  # the record is finished when the last piece has left
            session.rollback()
            record = session.scalars(newest.execution_options(populate_existing=True)).one()
            if record.finished_at is not None or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        session.remove()
        agrees = record.sha256 == taken.sha256 and record.row_count == taken.lines - 1
        if not agrees or record.row_count != self.rows:
            raise ExportWrong(f"{taken.lines - 1} rows came; the record says {record.row_count}.")

    def _database_cpu(self) -> float | None:
        return cpu_seconds(self.database_pid) if self.database_pid else None


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
