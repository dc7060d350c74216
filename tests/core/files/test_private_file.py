"""A file that nobody else may read is there whole or not at all."""

import stat
from pathlib import Path

import pytest

from petition.core.files.private_file import NotReplaced, private_file


def test_it_is_there_at_the_end_and_readable_to_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "names.csv"
    with private_file(target, replaces=False) as stream:
        stream.write(b"Ada")
        assert not target.exists()

    assert target.read_bytes() == b"Ada"
    assert stat.filemode(target.stat().st_mode) == "-rw-------"
    assert list(tmp_path.iterdir()) == [target]


def test_of_one_that_breaks_off_nothing_is_left_and_the_one_before_stays(tmp_path: Path) -> None:
    target = tmp_path / "names.csv"
    target.write_bytes(b"before")

    def break_off(fault: type[BaseException]) -> None:
        with private_file(target, replaces=True) as stream:
            stream.write(b"half")
            raise fault

    for fault in (OSError, KeyboardInterrupt, SystemExit):
        with pytest.raises(fault):
            break_off(fault)
    assert [path.name for path in tmp_path.iterdir()] == ["names.csv"]
    assert target.read_bytes() == b"before"


def test_what_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    target = tmp_path / "names.csv"
    target.write_bytes(b"before")
    with pytest.raises(NotReplaced, match="exists"), private_file(target, replaces=False):
        pass
    with private_file(target, replaces=True) as stream:
        stream.write(b"after")

    assert target.read_bytes() == b"after"


def test_what_came_there_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "names.csv"

    def be_late() -> None:
        with private_file(target, replaces=False) as stream:
            stream.write(b"ours")
            target.write_bytes(b"theirs")

    with pytest.raises(NotReplaced):
        be_late()
    assert target.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_or_a_folder_is_never_replaced(tmp_path: Path) -> None:
    link, folder = tmp_path / "link", tmp_path / "folder"
    link.symlink_to(tmp_path / "elsewhere")
    folder.mkdir()
    for target in (link, folder):
        refused = pytest.raises(NotReplaced, match="not an ordinary file")
        with refused, private_file(target, replaces=True):
            pass


def test_a_name_as_long_as_names_can_be_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 255)
    with private_file(target, replaces=False) as stream:
        stream.write(b"Ada")

    assert target.read_bytes() == b"Ada"
