"""`audit verify` says what it found, and ends with a status that a script can read."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, begin_log, note
from petition.core.clock import now
from petition.core.database import transaction
from tests.audit.guards import past_the_guards


def verify(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", "verify", *words])


@pytest.fixture
def log(app: Flask) -> None:
    """A log of two entries."""
    with transaction():
        begin_log(now())
    with transaction():
        note(Act.SETTINGS_PRINTED, TERMINAL, now())


@pytest.mark.usefixtures("log")
def test_a_whole_log_prints_a_mark_that_is_found_again(app: Flask) -> None:
    found = verify(app)
    mark = found.output.splitlines()[-1]

    assert found.exit_code == 0
    assert "The log holds 2 entries, since" in found.output
    assert verify(app, "--mark", mark).exit_code == 0
    other = verify(app, "--mark", f"{mark[:-1]}{'0' if mark[-1] != '0' else '1'}")
    assert other.exit_code == 1
    assert "Entry 2 is not the one that was written down." in other.output
    assert verify(app, "--mark", "two").exit_code == 2


@pytest.mark.usefixtures("log")
def test_a_log_whose_end_was_cut_off_ends_with_1(app: Flask) -> None:
    with past_the_guards() as writing:
        writing.execute(text("DELETE FROM audit_entry WHERE number = 2"))
    found = verify(app)

    assert found.exit_code == 1
    assert "The log holds 1 entry" in found.output
    assert "Entry 2 is missing, and what came with it." in found.output
