"""What machines that watch over an install are told."""

from datetime import timedelta
from pathlib import Path

import time_machine
from flask import Flask

from petition.core import database
from petition.core.clock import now
from petition.core.database import transaction
from petition.outbox.actions import beat
from tests.grounds.client import ReadingClient


def test_a_process_that_answers_is_healthy(client: ReadingClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"process": "ok"})


def test_an_install_without_a_worker_is_not_ready(client: ReadingClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"database": "ok", "migrations": "ok", "worker": "failing"}


def test_an_install_is_ready_while_its_worker_beats(client: ReadingClient) -> None:
    with transaction():
        beat("w1", now())
    assert client.get("/readyz").status_code == 200

    with time_machine.travel(now() + timedelta(seconds=16)):
        assert client.get("/readyz").status_code == 503


def test_a_database_without_tables_is_not_ready(app: Flask, tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"database": "ok", "migrations": "failing", "worker": "failing"}


def test_a_database_that_is_away_is_said_and_is_no_fault(app: Flask, tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path / 'nowhere' / 'at-all.sqlite3'}")
    client = app.test_client()

    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    page = client.get("/en/petitions/any")
    assert page.status_code == 503
    assert "We cannot reach our records" in page.text
