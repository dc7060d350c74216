"""`tally check` holds the counts against the rows."""

from flask import Flask
from sqlalchemy import update

from petition.core.storage.database import transaction
from petition.signatures.models import Tally
from tests.factories import make_ask, signed


def test_the_counts_are_held_against_the_rows(app: Flask) -> None:
    ask = make_ask()
    signed(ask)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["tally", "check"]).exit_code == 0
    with transaction() as writing:
        writing.execute(update(Tally).values(count=7))
    found = runner.invoke(args=["tally", "check"])

    assert found.exit_code == 1
    assert f"Petition {ask.petition_id}: tally 7, rows 1." in found.output
