"""The key file: made once, for its owner alone, changed in one step."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from petition import create_app
from petition.core.keys import KEY_BYTES, KeyFile, Keys, KeysUnreadable


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """A fresh key file."""
    made = KeyFile(tmp_path / "keys.json")
    made.create_if_missing()
    return made


def test_only_its_owner_may_read_it(file: KeyFile) -> None:
    assert file.path.stat().st_mode & 0o777 == 0o600
    file.replace(file.keys().with_new_current())
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert list(file.path.parent.iterdir()) == [file.path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_not_used(mode: int, file: KeyFile) -> None:
    file.path.chmod(mode)

    with pytest.raises(KeysUnreadable, match="chmod 600"):
        KeyFile(file.path).keys()


def test_keys_are_long_and_of_their_own(file: KeyFile) -> None:
    keys = file.keys()
    found = [*keys.sealing.values(), keys.tagging, keys.signing]

    assert [len(key) for key in found] == [KEY_BYTES] * 3
    assert len(set(found)) == 3


def test_many_starters_end_with_one_file(tmp_path: Path) -> None:
    files = [KeyFile(tmp_path / "keys.json") for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(KeyFile.create_if_missing, files))

    assert len({file.keys().current for file in files}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_a_second_start_keeps_the_keys(file: KeyFile) -> None:
    before = file.path.read_bytes()
    file.create_if_missing()

    assert file.path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[]", "null", "\x00", '{"current": 1}'),
        '{"current": "a", "sealing": {}, "tagging": "", "signing": ""}',
        '{"current": "a", "sealing": [], "tagging": "", "signing": ""}',
        '{"current": "a", "sealing": {"a": ""}, "tagging": "", "signing": ""}',
        '{"current": "a", "sealing": {"a": "eA=="}, "tagging": "eA==", "signing": "eA=="}',
    ],
)
def test_a_damaged_file_is_named_as_such(text: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)

    with pytest.raises(KeysUnreadable):
        KeyFile(path).keys()


def test_an_install_does_not_start_with_a_damaged_file(config: Config, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "keys.json").write_text("{}")
    (folder / "keys.json").chmod(0o600)

    with pytest.raises(KeysUnreadable):
        create_app(replace(config, instance=folder))


def test_keys_survive_the_file() -> None:
    keys = Keys.generate().with_new_current()

    assert Keys.from_json(keys.to_json()) == keys
    assert set(json.loads(keys.to_json())) == {"current", "sealing", "tagging", "signing"}


def test_the_current_key_is_never_dropped() -> None:
    keys = Keys.generate().with_new_current()

    assert keys.without(set(keys.sealing)).sealing.keys() == {keys.current}
