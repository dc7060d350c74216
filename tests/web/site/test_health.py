"""What machines that watch over an install are told."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text, update

from config import Config
from petition.arrivals.actions import append
from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, begin_log, note
from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.core.storage import database
from petition.core.storage.database import session, transaction
from petition.outbox.actions import beat
from petition.outbox.actions import post as queue
from petition.outbox.ceiling import take
from petition.recipients.models import Mailroom
from petition.web.site import health, health_checks
from petition.web.site.health import Finding, Word, look_around
from petition.web.site.health_checks import Check
from tests.audit.guards import past_the_guards
from tests.factories import load_sample
from tests.grounds.client import ReadingClient
from tests.outbox.mails import post, to_write

NAMES = (
    *("keys", "space", "journal", "file", "database", "migrations", "writes", "worker"),
    *("arrivals", "mail", "keys_age", "refusals", "offices", "unconfirmed_mail", "audit"),
)
WELL = dict.fromkeys(NAMES, "ok")


def test_a_process_that_answers_is_healthy(client: ReadingClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"process": "ok"})


def test_an_install_without_a_worker_is_not_ready(client: ReadingClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {**WELL, "worker": "failing"}


def test_an_install_is_ready_while_its_worker_beats(client: ReadingClient) -> None:
    with transaction():
        beat("w1", now())
    assert client.get("/readyz").status_code == 200

    forget_everything()
    with time_machine.travel(now() + timedelta(seconds=16)):
        assert client.get("/readyz").status_code == 503


def test_a_ceiling_of_mail_that_is_reached_is_a_warning(
    client: ReadingClient, config: Config
) -> None:
    with transaction():
        beat("w1", now())
        take(config.unconfirmed_mail, now(), config.unconfirmed_mail)
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["unconfirmed_mail"] == "warning"


def test_mail_that_is_due_for_long_and_has_not_left_is_a_warning(client: ReadingClient) -> None:
    with transaction():
        beat("w1", now())
    post(at=now() - timedelta(minutes=14))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, WELL)

    forget_everything()
    post(at=now() - timedelta(minutes=16))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {**WELL, "mail": "warning"})


def test_what_people_sent_and_no_worker_has_looked_at_for_long_is_a_warning(
    client: ReadingClient,
) -> None:
    with transaction():
        beat("w1", now())
        append("signature", b"", now() - timedelta(hours=2))
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (200, {**WELL, "arrivals": "warning"})


def test_mail_that_waits_for_the_next_hours_ceiling_is_not_late(
    client: ReadingClient, config: Config
) -> None:
    with transaction():
        at = now() - timedelta(minutes=16)
        queue(to_write(), origin="signature:1", at=at, unconfirmed=True)
        take(config.unconfirmed_mail, now(), config.unconfirmed_mail)
    answer = client.get("/readyz")

    assert answer.json is not None
    assert answer.json["mail"] == "ok"


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit_entry",
        "UPDATE audit_head SET number = number + 1",
        "DELETE FROM audit_head",
    ],
)
def test_a_log_that_was_changed_is_a_warning_and_stays_one_when_more_is_noted(
    client: ReadingClient, change: str
) -> None:
    with transaction():
        beat("w1", now())
    assert client.get("/readyz").json == WELL
    with past_the_guards() as writing:
        writing.execute(text(change))
    forget_everything()
    assert client.get("/readyz").json == {**WELL, "audit": "warning"}
    with transaction():
        note(Act.SETTINGS_PRINTED, TERMINAL, now())
    forget_everything()

    assert client.get("/readyz").json == {**WELL, "audit": "warning"}


def test_an_office_whose_letters_come_back_is_said_until_somebody_has_looked(
    client: ReadingClient, config: Config
) -> None:
    load_sample()
    with transaction() as writing:
        beat("w1", now())
        number = select(Mailroom.recipient_id).limit(1).scalar_subquery()
        suspect = update(Mailroom).where(Mailroom.recipient_id == number)
        writing.execute(suspect.values(suspect_since=now()))
    forget_everything()

    assert client.get("/readyz").json == {**WELL, "offices": "warning"}
    [sentence] = [one.sentence for one in look_around(config) if one.sentence]
    assert "nothing is sent to 1 of the offices" in sentence


def test_a_database_without_tables_is_not_ready(app: Flask, tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    last = NAMES[NAMES.index("writes") :]
    unknown = dict.fromkeys(last, "unknown")
    assert answer.json == {**WELL, "migrations": "failing", **unknown}


def test_a_database_that_is_away_is_said_and_is_no_fault(app: Flask, tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path / 'nowhere' / 'at-all.sqlite3'}")
    client = app.test_client()

    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    page = client.get("/en/petitions/any")
    assert page.status_code == 503
    assert "We cannot reach our records" in page.text


def well(_config: Config) -> str | None:
    return None


def unwell(_config: Config) -> str | None:
    return "It creaks: oil it."


def broken(_config: Config) -> str | None:
    raise ZeroDivisionError


def test_each_check_says_how_it_came_out_and_a_broken_one_hides_no_other(config: Config) -> None:
    checks = (
        Check("broken", broken),
        Check("keys", unwell, warns=True),
        Check("ground", unwell, carries_the_rest=True),
        Check("wall", well),
    )

    assert look_around(config, checks) == (
        Finding("broken", Word.FAILING, "The check itself fails: ZeroDivisionError."),
        Finding("keys", Word.WARNING, "It creaks: oil it."),
        Finding("ground", Word.FAILING, "It creaks: oil it."),
        Finding("wall", Word.UNKNOWN),
    )


def test_however_many_ask_one_looks_and_a_slow_look_keeps_nobody_waiting(
    client: ReadingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, may_end = [], threading.Event()

    def slow(_config: Config) -> tuple[Finding, ...]:
        looks.append(1)
        may_end.wait(30)
        return (Finding("slow", Word.OK),)

    monkeypatch.setattr(health, "look_around", slow)
    monkeypatch.setattr(health, "LONGEST_LOOK", 0.05)
    slow_answers = [client.get("/readyz") for _ in range(3)]
    assert [answer.json for answer in slow_answers] == [{"look": "failing"}] * 3
    may_end.set()
    monkeypatch.setattr(health, "LONGEST_LOOK", 30)

    assert [client.get("/readyz").json for _ in range(2)] == [{"slow": "ok"}] * 2
    assert looks == [1]


def test_who_asks_while_a_look_is_under_way_hears_of_the_last_one(
    client: ReadingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, may_end = threading.Event(), threading.Event()

    def silent(_config: Config) -> tuple[Finding, ...]:
        began.set()
        may_end.wait(30)
        return (Finding("silent", Word.FAILING),)

    monkeypatch.setattr(health, "FRESH_SECONDS", 0)
    monkeypatch.setattr(health, "look_around", lambda _config: (Finding("before", Word.OK),))
    client.get("/readyz")
    monkeypatch.setattr(health, "look_around", silent)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.get, "/readyz")
        assert began.wait(30)
        answers = [client.get("/readyz").json for _ in range(3)]
        monkeypatch.setattr(health, "LONGEST_LOOK", 0)
        late = client.get("/readyz")
        may_end.set()

        assert answers == [{"before": "ok"}] * 3
        assert (late.status_code, late.json) == (503, {"look": "failing"})
        assert first.result().json == {"silent": "failing"}


def test_an_install_is_not_ready_where_nothing_can_be_written(config: Config) -> None:
    with transaction():
        beat("w1", now())
        begin_log(now())
        session.execute(text("DELETE FROM probe"))
    found = {finding.name: finding.word for finding in look_around(config)}

    assert found == {**WELL, "writes": Word.FAILING}


def test_an_install_whose_keys_are_gone_is_not_ready(config: Config, client: ReadingClient) -> None:
    client.get("/readyz")
    (config.instance / "keys.json").unlink()
    forget_everything()
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert (answer.json or {})["keys"] == "failing"


def test_little_space_is_a_warning(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_checks, "LEAST_SPACE", 1 << 60)
    [found] = [one for one in look_around(config) if one.name == "space"]

    assert found.word == Word.WARNING
    assert re.search(r"has \d+ MB left\. Make room\.", found.sentence)
