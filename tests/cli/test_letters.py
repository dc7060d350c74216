"""`letters bounce`, as a mail server pipes into it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from petition.cli.letters import LONGEST_MAIL
from petition.cli.plainly import TRY_LATER
from petition.core.storage import database as core_database
from petition.letters.letter.models import LetterState
from tests.grounds.mail import LOOPBACK, free_port
from tests.grounds.processes import ROOT
from tests.letters.bounces.wording import report
from tests.letters.posting import begun, letter_with, sent, suspect_since


def pipe(app: Flask, raw: bytes) -> Result:
    """Pipe a mail into the command."""
    return app.test_cli_runner().invoke(args=["letters", "bounce"], input=raw)


def test_a_letter_that_came_back_is_noted_and_said(app: Flask) -> None:
    first = sent()
    done = pipe(app, report("postfix", first.message_id))

    assert done.exit_code == 0
    assert done.output.startswith("The letter came back.")
    assert letter_with(first.message_id).state == LetterState.BOUNCED
    assert suspect_since() is not None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "does not say"),
        (b"\xff\xfe\x00garbage", "does not say"),
        (report("vacation"), "does not say"),
        (report("postfix-delayed"), "about no letter"),
        (report("postfix"), "about no letter"),
        (report("qmail") + b"x" * LONGEST_MAIL, "about no letter"),
    ],
    ids=["nothing", "garbage", "vacation", "delayed", "unknown", "huge"],
)
def test_what_is_none_of_ours_ends_well_too(app: Flask, raw: bytes, words: str) -> None:
    done = pipe(app, raw)

    assert done.exit_code == 0
    assert words in done.output
    assert "example" not in done.output


def test_a_letter_that_is_being_handed_over_is_to_be_given_again(app: Flask) -> None:
    done = pipe(app, report("exim", begun().message_id))

    assert done.exit_code == TRY_LATER


def test_a_mail_is_given_again_that_met_a_database_away(app: Flask, tmp_path: Path) -> None:
    core_database.configure(f"sqlite:///{tmp_path / 'nowhere' / 'petition.sqlite3'}")
    done = pipe(app, report("postfix"))

    assert done.exit_code == TRY_LATER
    assert "The database does not answer (unable to open database file)." in done.output


def test_a_mail_is_given_again_where_the_site_cannot_even_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "petition", "letters", "bounce"],
        cwd=ROOT,
        env={
            **os.environ,
            "PETITION_INSTANCE": str(tmp_path / "instance"),
            "DATABASE_URL": f"postgresql+psycopg://nobody@{LOOPBACK}:{free_port()}/petition",
        },
        input=report("postfix"),
        capture_output=True,
        timeout=60,
    )

    assert done.returncode == TRY_LATER
    assert b"Traceback" not in done.stderr
