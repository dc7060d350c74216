"""Files that others have put there: no links, no pipes, no end of octets."""

import os
from pathlib import Path

import pytest

from petition.core.folder import CampaignFolderError, Document, read_each
from petition.core.plain_file import LARGEST_TEXT, FileRefused, read_octets, read_text


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


def test_an_ordinary_file_is_read_whatever_ends_its_lines(folder: Path) -> None:
    (folder / "text.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n")

    assert read_text(folder / "text.md") == "one\ntwo\nthree\n"
    assert read_octets(folder / "text.md").startswith(b"\xef\xbb\xbfone\r\n")


def test_a_link_is_not_followed_wherever_it_leads(folder: Path, secret: Path) -> None:
    beside = folder / "beside.md"
    beside.write_text("Beside", "utf-8")
    for target in (secret, Path("../keys.json"), Path("beside.md"), Path("nowhere"), Path("link")):
        link = folder / "link"
        link.symlink_to(target)
        with pytest.raises(FileRefused, match=r"^link is a link; the folder has to hold"):
            read_octets(link)
        link.unlink()


def test_what_is_no_ordinary_file_is_refused_at_once(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    for file in (folder / "pipe", folder / "folder", Path("/dev/zero"), Path("/dev/stdin")):
        with pytest.raises(FileRefused, match=rf"^{file.name} "):
            read_octets(file)


def test_no_more_is_read_than_was_agreed(folder: Path) -> None:
    large = folder / "large.md"
    with large.open("wb") as stream:
        stream.truncate(1024**4)  # a terabyte that takes no room
    with pytest.raises(FileRefused, match=r"^large\.md is too large: at most 128 KiB are read"):
        read_text(large)
    large.write_bytes(b"x" * LARGEST_TEXT)

    assert len(read_text(large)) == LARGEST_TEXT


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.md", "is missing"),
        ("x" * 300, "cannot be read: File name too long"),
        ("a\0b", "cannot be read: that is no name of a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_cause(
    name: str, words: str, folder: Path
) -> None:
    with pytest.raises(FileRefused, match=words):
        read_octets(folder / name)


@pytest.mark.parametrize("text", ["caf\u00e9".encode("cp1252"), "a".encode("utf-16")])
def test_a_text_in_another_encoding_is_named(text: bytes, folder: Path) -> None:
    (folder / "text.md").write_bytes(text)

    with pytest.raises(FileRefused, match=r"^text\.md is not in UTF-8"):
        read_text(folder / "text.md")


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

    with pytest.raises(CampaignFolderError, match=rf"^one\.toml: {words}"):
        Document.read(folder / "one.toml")


def test_neither_a_linked_folder_nor_a_linked_table_is_read(folder: Path, secret: Path) -> None:
    elsewhere = secret.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "gaps").symlink_to(elsewhere)
    with pytest.raises(CampaignFolderError, match=r"^gaps is a link"):
        read_each(folder / "gaps", lambda document: document)
    (elsewhere / "one.toml").symlink_to(secret)
    with pytest.raises(CampaignFolderError, match=r"^one\.toml is a link"):
        read_each(elsewhere, lambda document: document)


@pytest.mark.parametrize("name", ["../keys.json", "/etc/hostname", "", ".", "..", "a/../b"])
def test_no_name_leads_out_of_the_folder(name: str, folder: Path, secret: Path) -> None:
    document = Document(folder / "one.toml", {"body": name})

    with pytest.raises(CampaignFolderError, match=r"^one\.toml: "):
        document.beside("body")
    with pytest.raises(CampaignFolderError, match=r"^one\.toml: "):
        document.octets_beside("body")
