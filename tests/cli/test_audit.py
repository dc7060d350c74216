"""`audit verify` says what it found, and ends with a status that a script can read."""

from pathlib import Path

import pytest
from alembic import command
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from petition.audit.acts import Act
from petition.audit.models import AuditEntry
from petition.audit.noting import TERMINAL, note
from petition.cli.keys import reseal_everything
from petition.core.clock import now
from petition.core.keyring import sealing
from petition.core.storage.database import session, transaction
from petition.core.storage.migrating import alembic_config
from tests.audit.guards import TABLES, past_the_guards
from tests.audit.reading import acts, noted
from tests.factories import SAMPLE
from tests.organisers.people import join


def verify(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", "verify", *words])


@pytest.fixture
def log(app: Flask) -> None:
    """A log of two entries."""
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


def test_what_the_terminal_does_is_noted(app: Flask, tmp_path: Path) -> None:
    ada = join(email="ada@example.org")
    table = str(tmp_path / "recipients.csv")
    for words in (
        ("campaigns", "load", str(SAMPLE)),
        ("recipients", "export", table),
        ("recipients", "import", table),
        ("organisers", "add", "eve@example.org", "--role", "auditor"),
        ("organisers", "add", "ada@example.org", "--role", "auditor"),
        ("organisers", "reset", "ada@example.org"),
        ("organisers", "disable", "ada@example.org"),
        ("organisers", "list"),
        ("settings",),
    ):
        app.test_cli_runner().invoke(args=list(words))

    assert {(actor, organiser_id) for _, actor, organiser_id, _ in noted()} == {("terminal", None)}
    assert [(act, about) for act, _, _, about in noted()] == [
        (Act.FOLDER_PUBLISHED, {"campaign": "magnitsky-month-2026", "versions": 10}),
        (Act.RECIPIENTS_EXPORTED, {}),
        (Act.RECIPIENTS_IMPORTED, {"rows": 0}),
        (Act.INVITED, {"role": "auditor", "address": "eve@example.org"}),
        (Act.RESET, {"organiser": ada.id}),
        (Act.DISABLED, {"organiser": ada.id}),
        (Act.ORGANISERS_LISTED, {}),
        (Act.SETTINGS_PRINTED, {}),
    ]


def test_an_address_in_the_log_is_sealed_anew_with_everything_else(app: Flask) -> None:
    app.test_cli_runner().invoke(args=["organisers", "add", "eve@example.org", "--role", "auditor"])
    before = {key for key in session.scalars(select(AuditEntry.about_key)) if key}
    sealing.key_file().replace(sealing.keys().with_new_current())
    reseal_everything()
    session.remove()

    assert {*session.scalars(select(AuditEntry.about_key))} & before == set()
    assert noted()[0][3]["address"] == "eve@example.org"
    assert acts() == [Act.INVITED]


@pytest.mark.parametrize("emptied", [TABLES, (*TABLES, "installed")])
def test_a_log_that_was_emptied_does_not_begin_anew(emptied: tuple[str, ...], app: Flask) -> None:
    join(email="ada@example.org")
    runner = app.test_cli_runner()
    assert runner.invoke(args=["migrate"]).exit_code == 0
    assert verify(app).exit_code == 0
    with past_the_guards() as writing:
        for table in emptied:
            writing.execute(text(f"DELETE FROM {table}"))
    assert runner.invoke(args=["migrate"]).exit_code == 0
    found = verify(app)
    runner.invoke(args=["settings"])

    assert found.exit_code == 1
    assert "Entry 1 may be missing: where the log ends was changed." in found.output
    assert "Entry 1 says that the log before it was changed from outside." in verify(app).output


def test_an_install_from_before_there_was_a_log_begins_it(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["migrate"]).exit_code == 0
    session.remove()
    command.downgrade(alembic_config(), "0011")
    assert runner.invoke(args=["migrate"]).exit_code == 0

    assert verify(app).exit_code == 0
    assert "The log holds 1 entry, since" in verify(app).output
