"""PostgreSQL is locked, or silent, or not there: the site goes on, says so once, and comes back."""

import json
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.faults.visitors import Answer, Visitor, is_inbox_page, wait_until
from tests.grounds.databases import Databases
from tests.grounds.processes import Running, begin
from tests.grounds.proxies import proxied
from tests.grounds.servers import Server, StartServer, ready

SIGNERS = 12
LONG = 100
"""Rounds from which the long tests run."""


@dataclass
class Watch:
    """What signers and a prober have seen."""

    server: Server
    signed: Counter[int | str] = field(default_factory=Counter)
    slowest: float = 0.0
    """Seconds that the slowest signer waited for an answer."""
    health: list[float] = field(default_factory=list)
    """Seconds that each look at `/healthz` took."""
    is_over: threading.Event = field(default_factory=threading.Event)

    def sign(self, token: str) -> None:
        """Sign again and again."""
        visitor = Visitor(self.server)
        while not self.is_over.is_set():
            begun = time.monotonic()
            address = f"p{time.monotonic_ns()}@example.org"
            self.signed[outcome(lambda: visitor.sign(token, address))] += 1  # noqa: B023
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def probe(self) -> None:
        """Look at `/healthz` four times a second."""
        while not self.is_over.wait(0.25):
            begun = time.monotonic()
            seen = outcome(lambda: Visitor(self.server).ask("GET", "/healthz"))
            self.health.append(time.monotonic() - begun if seen == 200 else 60.0)


def outcome(ask: Callable[[], Answer]) -> int | str:
    """Return the status of an answer, or the kind of what came instead."""
    try:
        answer = ask()
    except (OSError, HTTPException) as cut:
        return type(cut).__name__
    return answer.status


@contextmanager
def crowd(server: Server) -> Iterator[Watch]:
    """Let a dozen people sign while somebody looks whether the site lives."""
    watch, token = Watch(server), Visitor(server).form_token()
    threads = [threading.Thread(target=watch.sign, args=(token,)) for _ in range(SIGNERS)]
    threads.append(threading.Thread(target=watch.probe))
    for thread in threads:
        thread.start()
    try:
        yield watch
    finally:
        watch.is_over.set()
        for thread in threads:
            thread.join()


def faults_logged(server: Server) -> list[dict[str, object]]:
    """Return the lines of the log that say that the database fails."""
    lines = [line for line in server.printed.splitlines() if line.startswith("{")]
    found = [json.loads(line) for line in lines]
    return [line for line in found if line["event"] == "database fault"]


@pytest.mark.fault
def test_a_network_that_swallows_everything_for_a_minute_is_gone_with_the_minute(
    start_server: StartServer, databases: Databases, fault_rounds: int
) -> None:
    if fault_rounds < LONG:
        pytest.skip("takes two minutes: bin/faults")
    with proxied(databases.empty_postgres()) as network:
        server = start_server(DATABASE_URL=network.url)
        with crowd(server) as watch:
            network.is_silent = True
            time.sleep(60)  # the fault itself
            assert not ready(server.url)
            network.is_silent = False
            wait_until(lambda: ready(server.url), "the site does not come back", most=60)
        assert is_inbox_page(sign_once(server))
        assert max(watch.health) < 10
        assert len(faults_logged(server)) <= 6  # three processes, once a minute each


def sign_once(server: Server, address: str = "nadia@example.org") -> Answer:
    """Open the petition and sign it."""
    visitor = Visitor(server)
    return visitor.sign(visitor.form_token(), address)


@pytest.mark.fault
def test_a_table_that_is_locked_for_a_minute_costs_those_who_need_it_three_seconds(
    start_server: StartServer, databases: Databases, fault_rounds: int
) -> None:
    if fault_rounds < LONG:
        pytest.skip("takes a minute: bin/faults")
    url = databases.empty_postgres()
    server = start_server(DATABASE_URL=url)
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as other, crowd(server) as watch:
        other.execute("LOCK TABLE signature")
        time.sleep(60)  # the fault itself
        other.rollback()
    assert is_inbox_page(sign_once(server))
    assert watch.slowest < 15
    assert max(watch.health) < 10


@pytest.mark.fault
def test_a_file_that_another_writes_to_for_half_a_minute_keeps_nobody_for_long(
    start_server: StartServer, fault_rounds: int
) -> None:
    if fault_rounds < LONG:
        pytest.skip("takes half a minute: bin/faults")
    server = start_server()
    file = server.instance / "petition.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other, crowd(server) as watch:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(30)  # the fault itself
        assert Visitor(server).ask("GET", "/en/").status == 200
        other.execute("ROLLBACK")
    assert is_inbox_page(sign_once(server))
    assert watch.slowest < 15
    assert max(watch.health) < 10


@contextmanager
def alone(server: Server, *words: str) -> Iterator[Running]:
    """Run one process of an install, as a host of its own would."""
    process = begin(words, server.environment, server.log)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(30) == 0


def health_of(server: Server) -> dict[str, str]:
    """Return what `/readyz` says."""
    found: dict[str, str] = json.loads(Visitor(server).ask("GET", "/readyz").body)
    return found


def lives(server: Server) -> bool:
    """Whether the web server answers."""
    return outcome(lambda: Visitor(server).ask("GET", "/healthz")) == 200


@pytest.mark.fault
def test_processes_that_start_while_the_database_is_away_are_ready_once_it_is_back(
    start_server: StartServer, databases: Databases
) -> None:
    with proxied(databases.empty_postgres()) as network:
        server = start_server(DATABASE_URL=network.url)
        server.stop()
        network.is_shut = True
        with (
            alone(server, "gunicorn", "-c", "python:petition.web.serving.gunicorn_settings"),
            alone(server, "flask", "--app", "petition", "worker") as worker,
        ):
            wait_until(lambda: lives(server), "the web server does not start")
            wait_until(lambda: len(faults_logged(server)) > 0, "the worker says nothing")
            assert health_of(server)["database"] == "failing"
            assert Visitor(server).ask("GET", "/en/").status == 503
            assert worker.poll() is None

            network.is_shut = False
            wait_until(lambda: ready(server.url), "the site does not come up")
            assert is_inbox_page(sign_once(server))


def kept_in(file: Path) -> int:
    """Return how many signatures a SQLite file has, with those that no worker has taken in."""
    asked = "SELECT (SELECT count(*) FROM signature) + (SELECT count(*) FROM arrival)"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return int(connection.execute(asked).fetchone()[0])


@pytest.mark.fault
def test_a_file_that_is_replaced_while_the_site_runs_gets_nothing_and_one_that_is_left_is_whole(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server()
    file = server.instance / "petition.sqlite3"
    older, ours = tmp_path / "older.sqlite3", server.instance / "ours.sqlite3"
    shutil.copyfile(file, older)
    assert is_inbox_page(sign_once(server, "one@example.org"))
    file.rename(ours)
    shutil.copyfile(older, file)

    assert sign_once(server, "two@example.org").status == 503
    wait_until(lambda: health_of(server)["file"] == "failing", "nobody notices")
    assert "The database file, or the -wal file beside it, was moved" in server.printed

    ours.replace(file)
    wait_until(lambda: ready(server.url), "the site does not come back")
    assert is_inbox_page(sign_once(server, "three@example.org"))
    server.stop()
    alone_copied = shutil.copyfile(file, tmp_path / "copy.sqlite3")
    assert kept_in(alone_copied) == 2


@pytest.mark.fault
def test_a_web_server_without_its_keys_says_so_and_starts_once_they_are_back(
    start_server: StartServer, fault_rounds: int
) -> None:
    if fault_rounds < LONG:
        pytest.skip("waits for a second try: bin/faults")
    server = start_server()
    server.stop()
    keys, away = server.instance / "keys.json", server.instance / "away"
    keys.rename(away)
    with alone(server, "gunicorn", "-c", "python:petition.web.serving.gunicorn_settings"):
        wait_until(lambda: "keys.json is missing" in server.printed, "nothing is said")
        assert "Traceback" not in server.printed
        away.rename(keys)
        wait_until(lambda: lives(server), "the web server does not start")
