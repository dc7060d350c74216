"""Files of a folder: every one is read, and what cannot be read is named with its cure."""

from pathlib import Path

import pytest

from petition.campaigns.report_drafts import ReportDraft
from petition.core.plain_file import FileRefused
from petition.publishing.documents import read_document
from petition.publishing.folder import read_folder
from petition.publishing.toml_file import read_toml


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that nobody is to read."""
    file = tmp_path / "keys.json"
    file.write_text('slug = "secret"', "utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that came from elsewhere."""
    made = tmp_path / "campaign"
    made.mkdir()
    return made


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a=" + "[" * 100_000, "lists within lists"),
        ("a=" + "{a=" * 100_000, "lists within lists"),
        ("a." * 100_000 + "a = 1", "a name has more than 30 parts"),
        ("[" + '"a" . ' * 100_000 + "a]", "a name has more than 30 parts"),
        ("a = ", "Invalid value"),
    ],
)
def test_a_table_that_would_take_for_ever_is_refused_with_its_name(
    text: str, words: str, folder: Path
) -> None:
    (folder / "one.toml").write_text(text, "utf-8")

    with pytest.raises(FileRefused, match=rf"^one\.toml(, line 1)?: {words}"):
        read_toml(folder / "one.toml")


def test_neither_a_linked_folder_nor_a_linked_table_is_read(folder: Path, secret: Path) -> None:
    elsewhere = secret.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "gaps").symlink_to(elsewhere)
    (folder / "events").mkdir()
    (folder / "events" / "one.toml").symlink_to(secret)
    read = read_folder(folder)

    assert read.gaps.refusals == ["gaps is a link; the folder has to hold the thing itself."]
    assert read.events.refusals == [
        "events/one.toml is a link; the folder has to hold the thing itself."
    ]


@pytest.mark.parametrize("name", ["../keys.json", "/etc/hostname", "", ".", "..", "a/../b"])
def test_no_name_leads_out_of_the_folder(name: str, folder: Path, secret: Path) -> None:
    (folder / "one.toml").write_text(
        f"[text.en]\ntitle = 'One'\nsummary = 'One'\nbody = '{name}'\n[[file]]\nfile = '{name}'",
        "utf-8",
    )
    read = read_document(folder / "one.toml", "one.toml", ReportDraft)

    assert read.draft.text["en"].body == ""
    assert read.draft.files[0].file.content == b""
    assert {("text", "en", "body"), ("file", 0, "file")} <= {one.field for one in read.problems}
