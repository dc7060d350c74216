"""The commands with which recipients come and go as a table."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from petition.recipients.models import Recipient
from tests.factories import rows
from tests.recipients.tables import COUNCIL, MEMBER, MINISTER, load, noted, saved

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run `recipients …`; a failure of the command fails the test unless it is asked for."""
    runner = app.test_cli_runner()

    def command(*words: object, fails: bool = False) -> Result:
        result = runner.invoke(args=["recipients", *map(str, words)])
        assert result.exit_code == (1 if fails else 0), result.output
        return result

    return command


def test_check_names_every_mistake_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = saved(tmp_path, MINISTER, {**MEMBER, "hours": "late"}, {**COUNCIL, "country": "GB"})
    lines = run("check", file, fails=True).output.splitlines()

    assert lines == [
        "Error: 2 mistakes; nothing was changed.",
        "offices.csv, row 3: “hours” is “late”; write 9-17.",
        "offices.csv, row 4: “country”: only with “channels”, how an office takes letters.",
    ]
    assert rows(Recipient) == 0


def test_check_says_what_an_import_would_do_and_does_not_do_it(run: Run, tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER))
    before = noted()
    file = saved(tmp_path, {**MINISTER, "holder": "Somebody Else"}, COUNCIL)

    assert run("check", file).output == (
        "No mistake. An import would bring 1 new, 1 changed, 0 as before.\n"
        "“ca-minister”: “holder” from “Mx Sample Holder” to “Somebody Else”.\n"
    )
    assert noted() == before


def test_import_loads_every_row_and_says_so(run: Run, tmp_path: Path) -> None:
    file = saved(tmp_path, MINISTER, MEMBER)

    assert run("import", file).output == "Imported: 2 new, 0 changed, 0 as before.\n"
    assert run("import", file).output == "Imported: 0 new, 0 changed, 2 as before.\n"
    assert rows(Recipient) == 2


def test_import_loads_nothing_where_there_is_a_mistake(run: Run, tmp_path: Path) -> None:
    refused = run("import", saved(tmp_path, MINISTER, {**MEMBER, "slug": ""}), fails=True)

    assert "1 mistake; nothing was changed." in refused.output
    assert "offices.csv, row 3: “slug” is missing" in refused.output
    assert rows(Recipient) == 0


def test_import_names_who_takes_no_letters_any_more(run: Run, tmp_path: Path) -> None:
    load(saved(tmp_path, MEMBER))
    closing = {name: MEMBER[name] for name in ("slug", "jurisdiction", "office.en")}

    assert (
        "“gb-member” takes no letters any more."
        in run("import", saved(tmp_path, closing)).output.splitlines()
    )


@pytest.mark.parametrize("to_terminal", [[], ["-"]])
def test_export_writes_the_same_table_to_a_file_and_to_the_terminal(
    run: Run, tmp_path: Path, to_terminal: list[str]
) -> None:
    load(saved(tmp_path, MINISTER, MEMBER, COUNCIL))
    file = tmp_path / "exported.csv"
    run("export", file)

    assert run("export", *to_terminal).stdout_bytes == file.read_bytes()
    assert run("import", file).output == "Imported: 0 new, 0 changed, 3 as before.\n"


def test_a_file_that_cannot_be_opened_is_named(run: Run, app: Flask, tmp_path: Path) -> None:
    missing = app.test_cli_runner().invoke(args=["recipients", "check", str(tmp_path / "no.csv")])
    nowhere = run("export", tmp_path / "nowhere" / "offices.csv", fails=True)

    assert "no.csv" in missing.output
    assert missing.exit_code == 2
    assert "offices.csv" in nowhere.output
    assert "Traceback" not in missing.output + nowhere.output
