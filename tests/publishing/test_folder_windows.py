"""Files as Windows and its programs leave them: read, or named with the cure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from petition.core.files.plain_file import SAVE_AS
from tests.publishing.river import FILES, problems, written

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.any_database]

RIVER, WALK, OFFICES = "petitions/river.toml", "events/walk.toml", "recipients.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small campaign's folder."""
    return written(tmp_path / "river-campaign")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", [RIVER, "petitions/river.en.md"])
def test_a_file_saved_by_notepad_is_read(name: str, encoding: str, folder: Path) -> None:
    (folder / name).write_bytes(FILES[name].replace("\n", "\r\n").encode(encoding))

    assert problems(folder) == []


def test_a_text_in_another_encoding_is_named_with_the_cure(folder: Path) -> None:
    (folder / "petitions" / "river.en.md").write_bytes("Un café".encode("cp1252"))
    (folder / WALK).write_bytes("# café".encode("cp1252"))

    assert problems(folder) == [
        f"{WALK} is not in UTF-8 (see line 1): {SAVE_AS}",
        f"{RIVER}, line 11: river.en.md is not in UTF-8 (see line 1): {SAVE_AS}",
    ]


def renamed(folder: Path, old: str, new: str) -> None:
    (folder / old).rename(folder / new)


def nested(folder: Path, old: str, new: str) -> None:
    (folder / new).parent.mkdir()
    renamed(folder, old, new)


@pytest.mark.parametrize(
    ("move", "old", "new", "words"),
    [
        (renamed, RIVER, f"{RIVER}.txt", f"{RIVER}.txt: give it the name river.toml. Windows hide"),
        (renamed, RIVER, "petitions/river.TOML", "petitions/river.TOML: give it the name river.to"),
        (renamed, "petitions", "Petitions", "Petitions: the folder has to be called “petitions”."),
        (renamed, "events", "event", "event: the folder has to be called “events”."),
        (renamed, "petitions/river.en.md", "petitions/river.en.md.txt", "There is “river.en.md.tx"),
        (renamed, "petitions/river.en.md", "petitions/River.en.md", "There is “River.en.md”: give"),
        (renamed, OFFICES, "recipient.toml", "recipient.toml: no file has this name here; did you"),
        (nested, RIVER, "petitions/river/river.toml", "petitions/river: it is not read; put its f"),
    ],
)  # fmt: skip
def test_a_file_that_would_be_overlooked_is_named(
    move: Callable[[Path, str, str], None], old: str, new: str, words: str, folder: Path
) -> None:
    move(folder, old, new)

    assert any(words in one for one in problems(folder)), problems(folder)


def test_what_machines_leave_in_folders_does_no_harm(folder: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "petitions/._river.toml", "petitions/desktop.ini"):
        (folder / name).write_bytes(b"\0\1")
    (folder / "notes").mkdir()

    assert problems(folder) == []
