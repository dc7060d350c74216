"""Files of a folder: every one is read, and what cannot be read is named with its cure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from petition.campaigns.report_drafts import ReportDraft
from petition.core.drafts.problems import Place
from petition.core.files.plain_file import FileRefused
from petition.publishing.binding import MOST_UNKNOWN
from petition.publishing.documents import read_document
from petition.publishing.folder import read_folder
from petition.publishing.toml_file import read_toml
from tests.factories import SAMPLE


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


def test_of_very_many_unknown_keys_the_first_are_named(folder: Path) -> None:
    (folder / "one.toml").write_text("".join(f"k{n} = 1\n" for n in range(60_000)), "utf-8")
    read = read_document(folder / "one.toml", "one.toml", ReportDraft)

    unknown = [one for one in read.problems if "there is no key" in one.cause]
    assert [one.field for one in unknown] == [(f"k{n}",) for n in range(MOST_UNKNOWN)]


@pytest.mark.parametrize("file", sorted(SAMPLE.rglob("*.toml")), ids=lambda file: file.name)
def test_every_key_of_the_sample_is_found_in_its_line(file: Path) -> None:
    toml = read_toml(file)
    lines = file.read_text("utf-8").split("\n")

    for place in places(toml.values):
        named = [part for part in place if isinstance(part, str)]
        assert place in toml.lines, place
        assert named[-1] in lines[toml.lines[place] - 1], place


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Yield the place of everything in a table."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*place, key)
            yield from places(inner, (*place, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            yield from places(inner, (*place, number))


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
