"""Where an operator can mend what is wrong, a command says so in one sentence."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.cli import FlaskGroup
from sqlalchemy import text

from config import Config
from petition.app import create_app
from petition.cli.plainly import CANNOT_WRITE, TRY_LATER
from petition.core.storage import database
from petition.core.storage.database import transaction
from tests.grounds.mail import LOOPBACK, free_port

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Run a command as `flask --app petition` does, with settings of its own."""

    def run_with(*words: str, **settings: object) -> Result:
        place = Config.from_environment({"PETITION_INSTANCE": str(tmp_path / "instance")})
        group = FlaskGroup(
            create_app=lambda: create_app(replace(place, **settings)),  # type: ignore[arg-type]
            add_default_commands=False,
        )
        return CliRunner().invoke(group, list(words))

    yield run_with
    database.dispose()


def sentence(done: Result) -> str:
    """Return the one sentence that a command ended with."""
    assert done.exception is None or isinstance(done.exception, SystemExit)
    [line] = done.output.strip().splitlines()
    return line


def test_a_database_of_a_later_version(run: Run) -> None:
    assert run("migrate").exit_code == 0
    with transaction() as writing:
        writing.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for command in ("migrate", "serve", "organisers list", "keys prepare"):
        done = run(*command.split(), port=free_port())
        assert "The database is newer than this program" in sentence(done)
        assert done.exit_code == TRY_LATER


@pytest.mark.parametrize(
    "command",
    [
        "organisers list",
        "organisers add someone@example.org --role owner",
        "organisers disable someone@example.org",
        "campaigns load samples/magnitsky-month",
        "recipients export",
        "tally check",
        "audit verify",
        "keys prepare",
        "keys rotate",
        "keys retire",
        "letters bounce",
    ],
)
def test_a_database_that_nobody_has_migrated(run: Run, command: str) -> None:
    done = run(*command.split())
    assert "The database lacks migrations: run “flask --app petition migrate”" in sentence(done)
    assert done.exit_code == TRY_LATER  # a mail that came back is kept, and given again


def test_a_broken_database_file(run: Run, tmp_path: Path) -> None:
    run("migrate")
    database.close()
    (tmp_path / "instance" / "petition.sqlite3").write_bytes(b"no database at all " * 500)
    done = run("migrate")
    assert "The database is damaged (file is not a database)" in sentence(done)
    assert done.exit_code == TRY_LATER


def test_a_server_that_is_not_there_or_does_not_know_us(run: Run) -> None:
    nowhere = f"postgresql+psycopg://nobody@{LOOPBACK}:{free_port()}/none"
    done = run("tally", "check", database_url=nowhere, instance=kept_keys(run))
    assert "The database does not answer (connection" in sentence(done)
    assert done.exit_code == TRY_LATER


def kept_keys(run: Run) -> Path:
    """Return the folder of an install that has its keys."""
    run("migrate")
    return Path(str(database.engine().url.database)).parent


@pytest.mark.parametrize("url", ["oracle://me@host/db", "no address", "mysql://host/db"])
def test_an_address_of_no_database(run: Run, url: str) -> None:
    done = run("migrate", database_url=url)
    assert sentence(done).startswith("Error: DATABASE_URL cannot be used. It must look like this:")
    assert done.exit_code == TRY_LATER


def test_a_folder_that_cannot_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    done = run("migrate", instance=tmp_path / "a-file" / "instance")
    assert sentence(done) == f"Error: Not a directory: {tmp_path / 'a-file' / 'instance'}"
    assert done.exit_code == CANNOT_WRITE


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(place)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can make a small disk")
    yield place
    database.dispose()
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_full_at_the_first_start_and_when_keys_are_rotated(
    run: Run, small_disk: Path, tmp_path: Path
) -> None:
    done = run("migrate", instance=small_disk)
    assert sentence(done) == "Error: The disk of the database is full. Make room, then try again."
    assert done.exit_code == TRY_LATER

    keys = small_disk / "keys.json"
    before = keys.read_bytes()
    database.dispose()  # which lets go of some of the room
    filler = small_disk / "filler"
    with filler.open("wb") as stream:
        fill(stream.fileno())
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    assert run("migrate", instance=small_disk, database_url=elsewhere).exit_code == 0
    done = run("keys", "rotate", instance=small_disk, database_url=elsewhere)
    assert "No space left on device" in sentence(done)
    assert done.exit_code != 0
    assert keys.read_bytes() == before


def fill(descriptor: int) -> None:
    """Write until nothing more goes in."""
    for size in (4096, 1):
        try:
            while os.write(descriptor, b"x" * size):
                pass
        except OSError:
            continue


def test_a_port_that_is_taken(run: Run) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        done = run("serve", port=taken.getsockname()[1])
    assert "cannot be used (Address already in use)" in sentence(done)
