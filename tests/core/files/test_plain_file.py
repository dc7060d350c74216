"""Files that others have put there: no links, no pipes, no end of octets."""

import os
from pathlib import Path

import pytest

from petition.core.files.plain_file import LARGEST_TEXT, FileRefused, read_octets, read_text


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one\ncaf\u00e9".encode("cp1252"), r"\(see line 2\): in Notepad"),
        ("a".encode("utf-16-le"), ": in Notepad"),
    ],
)
def test_a_text_in_another_encoding_is_named_with_the_cure(
    text: bytes, words: str, folder: Path
) -> None:
    (folder / "text.md").write_bytes(text)

    with pytest.raises(FileRefused, match=rf"^text\.md is not in UTF-8 ?{words}, choose"):
        read_text(folder / "text.md")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_text_with_the_mark_of_its_encoding_is_read(encoding: str, folder: Path) -> None:
    (folder / "text.md").write_bytes("one\r\ncaf\u00e9".encode(encoding))

    assert read_text(folder / "text.md") == "one\ncaf\u00e9"
