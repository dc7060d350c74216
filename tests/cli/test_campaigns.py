"""`campaigns load` says what it did, and why it does not."""

from pathlib import Path

from flask import Flask

from petition.petitions.models import Petition
from tests.factories import SAMPLE, rows


def test_a_campaign_is_loaded_from_its_folder(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["campaigns", "load", str(SAMPLE)])
    again = runner.invoke(args=["campaigns", "load", str(SAMPLE)])

    assert "5 petitions, 5 letter campaigns, 10 new versions" in first.output
    assert "5 petitions, 5 letter campaigns, 0 new versions" in again.output
    assert rows(Petition) == 5


def test_a_folder_that_is_no_campaign_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    refused = app.test_cli_runner().invoke(args=["campaigns", "load", str(tmp_path)])

    assert refused.exit_code == 1
    assert "is missing" in refused.output
    assert "Traceback" not in refused.output
