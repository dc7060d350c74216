"""The key file: made once, for its owner alone, changed in one step."""

import errno
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Config
from petition.app import create_app
from petition.core.keyring.keys import KEY_BYTES, KeyFile, Keys, KeysUnreadable


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
    assert set(json.loads(keys.to_json())) == {
        *("current", "ready", "since", "sealing", "tagging", "signing", "delivery")
    }


def test_the_current_key_is_never_dropped() -> None:
    keys = Keys.generate().with_new_current()

    assert keys.without(set(keys.sealing)).sealing.keys() == {keys.current}


def age(file: KeyFile) -> None:
    """Let the file be looked at again at the next question."""
    file._checked_at = float("-inf")


def put_in_place(path: Path, keys: Keys, *, mode: int = 0o600) -> None:
    """Do what somebody does who copies a file over another."""
    other = path.with_name("other")
    other.write_text(keys.to_json())
    other.chmod(mode)
    other.replace(path)


def older_copy(keys: Keys) -> Keys:
    assert keys.since is not None
    return replace(Keys.generate(), tagging=keys.tagging, since=keys.since - timedelta(days=1))


def delete(path: Path, _keys: Keys) -> None:
    path.unlink()


def damage(path: Path, _keys: Keys) -> None:
    path.write_text("{")


def damage_bytes(path: Path, _keys: Keys) -> None:
    path.write_bytes(b"\xff\xfe")


def open_to_others(path: Path, keys: Keys) -> None:
    put_in_place(path, keys.with_new_current(), mode=0o644)


def replace_by_foreign(path: Path, _keys: Keys) -> None:
    put_in_place(path, Keys.generate())


def replace_by_older(path: Path, keys: Keys) -> None:
    put_in_place(path, older_copy(keys))


def make_a_folder_of_it(path: Path, _keys: Keys) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "mishap",
    [
        delete,
        damage,
        damage_bytes,
        open_to_others,
        replace_by_foreign,
        replace_by_older,
        make_a_folder_of_it,
    ],
)
def test_whatever_happens_to_the_file_meanwhile_the_keys_in_use_stay_in_use(
    mishap: Callable[[Path, Keys], None], file: KeyFile, caplog: pytest.LogCaptureFixture
) -> None:
    before = file.keys()
    whole = file.path.read_bytes()
    caplog.set_level("ERROR", logger="petition.events")
    mishap(file.path, before)

    for _ in range(5):
        age(file)
        assert file.keys() == before
        assert file.keys(fresh=True) == before
    assert [record.levelname for record in caplog.records] == ["ERROR"], "once, not each time"
    assert file.complaint is not None

    if file.path.is_dir():
        file.path.rmdir()
    file.path.write_bytes(whole)
    file.path.chmod(0o600)
    assert file.keys(fresh=True) == before
    assert file.complaint is None


def test_a_file_that_was_rotated_elsewhere_is_taken(file: KeyFile) -> None:
    after = file.keys().with_ready()
    put_in_place(file.path, after)
    assert file.keys(fresh=True) == after

    put_in_place(file.path, after.with_new_current())
    assert file.keys(fresh=True).current == after.ready


def test_a_file_of_an_older_version_is_read_and_its_age_is_that_of_the_file(file: KeyFile) -> None:
    document = json.loads(file.path.read_text())
    del document["since"], document["ready"]
    file.path.write_text(json.dumps(document))
    os.utime(file.path, (1_700_000_000, 1_700_000_000))

    older = KeyFile(file.path)
    assert older.keys().since is None
    assert older.since() == datetime.fromtimestamp(1_700_000_000, UTC)
    older.replace(older.keys().with_new_current())
    assert older.keys().since is not None


def test_a_disk_that_is_full_leaves_the_old_file_whole_and_nothing_beside_it(
    file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.replace(file.keys().with_new_current())

    assert file.path.read_bytes() == before
    assert list(file.path.parent.iterdir()) == [file.path]


def test_what_a_killed_process_left_half_written_is_removed(file: KeyFile) -> None:
    (file.path.parent / ".keys.json.1a2b3c4d").write_text("half")
    file.remove_leftovers()

    assert list(file.path.parent.iterdir()) == [file.path]


def test_a_key_that_lies_ready_opens_and_seals_nothing_yet() -> None:
    keys = Keys.generate()
    prepared = keys.with_ready()

    assert prepared.current == keys.current
    assert prepared.with_ready() == prepared
    assert prepared.old == set()
    assert prepared.with_new_current().current == prepared.ready
    assert prepared.with_new_current().old == {keys.current}


def test_keys_are_never_made_for_a_database_that_has_tables(config: Config) -> None:
    (config.instance / "keys.json").unlink()

    with pytest.raises(KeysUnreadable, match="is missing"):
        create_app(config)
    assert list(config.instance.glob("*keys*")) == []
