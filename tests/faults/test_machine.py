"""Whatever people, workers, clocks and organisers do, in any order: a model says what is so."""

from collections import Counter
from collections.abc import Iterator

import hypothesis
import pytest
import time_machine
from flask import Flask
from hypothesis.stateful import run_state_machine_as_test

from config import Config
from petition.worker import pause
from tests.factories import NOON
from tests.faults.machine_letters import TownMachine
from tests.faults.steady import STEADY
from tests.faults.town import Town
from tests.grounds.databases import Databases
from tests.grounds.mail import SmtpServer
from tests.grounds.replays import Note

RUNS, STEPS = 30, 30
RUNS_AT_LENGTH = 500


@pytest.fixture
def town(
    database: str,
    app: Flask,
    config: Config,
    databases: Databases,
    smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Town]:
    """An install to play with, on the database of this test."""
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setattr(pause, "FIRST_WAIT_FOR_SERVER", 0.0)  # the clock stands still
    kind = "sqlite" if database.startswith("sqlite") else "postgres"
    with time_machine.travel(NOON, tick=False) as clock:
        made = Town(kind, app, config, databases, smtp_server, clock, databases.folder)
        yield made
        made.end()


@pytest.mark.fault
def test_a_petition_with_letters_is_what_its_model_is_after_each_step(
    town: Town, seed: int, at_length: bool, note: Note
) -> None:
    if town.kind == "postgres" and not at_length:
        pytest.skip("bin/faults plays on both databases")
    runs = RUNS_AT_LENGTH if at_length else RUNS
    happened = Counter[str]()
    machine = type("Machine", (TownMachine,), {"town": town, "happened": happened})
    settings = hypothesis.settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        backend=STEADY,
        database=None,
        phases=[hypothesis.Phase.generate],  # to find the shortest way there takes minutes
    )
    run_state_machine_as_test(hypothesis.seed(seed)(machine), settings=settings)
    note(runs=runs, **happened, lost=0, doubled=0, untrue=0)
