"""A backup that does not fit is refused before anything is changed."""

import shutil
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from config import Config
from petition.app import create_app
from petition.core.errors import InstallUnfit
from petition.core.keyring import sealing
from petition.core.keyring.keys import KeyFile, Keys
from petition.core.storage.database import engine, is_sqlite, session, transaction
from petition.core.storage.fitness import newest
from petition.opening import open_instance
from petition.safekeeping.backup import _write as write_backup
from petition.safekeeping.backup import alone
from petition.signatures.models import Signature
from tests.factories import make_ask, rows, signed, signer
from tests.grounds.databases import Databases
from tests.grounds.small_disk import small_disk
from tests.safekeeping.putting_back import backed_up, found, restored, run


def refused(app: Flask, file: Path, *options: str | Path) -> str:
    """Try to put a backup back; return why it was not."""
    before = rows(Signature)
    tried = run(app, "restore", file, *options)

    assert tried.exit_code == 1
    assert tried.output.startswith("Error: Nothing was changed. ")
    assert rows(Signature) == before
    return tried.output.removeprefix("Error: Nothing was changed. ")


def test_a_backup_of_other_keys_is_refused(app: Flask, file: Path) -> None:
    signed(make_ask())
    backed_up(app, file)
    own = use_keys(Keys.generate())
    assert refused(app, file).startswith("The backup belongs to other keys")

    use_keys(own)
    restored(app, file)


def use_keys(keys: Keys) -> Keys:
    """Have other keys in the instance folder; return those that were there."""
    path, before = sealing.key_file().path, sealing.keys()
    path.write_text(keys.to_json())
    sealing.configure(KeyFile(path))
    return before


def test_a_backup_of_a_newer_version_is_refused(app: Flask, config: Config, file: Path) -> None:
    file.parent.mkdir()
    with transaction() as writing:
        writing.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    write_backup(config.database, file)
    with transaction() as writing:
        writing.execute(
            text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest()}
        )

    assert "made by a newer version (migration 9999)" in refused(app, file)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.98])
def test_a_damaged_backup_is_refused(share: float, app: Flask, file: Path) -> None:
    for _ in range(10):
        signed(make_ask())
    backed_up(app, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])

    assert "damaged" in refused(app, file) or "no backup" in refused(app, file)


def test_a_file_that_is_not_there_is_named(app: Flask, file: Path) -> None:
    assert "There is no file" in refused(app, file)
    backed_up(app, file)
    assert "There is no journal" in refused(app, file, "--journal", "nowhere")
    assert "is no journal of erasures" in refused(app, file, "--journal", __file__)


def test_another_backup_or_restore_is_left_to_end(app: Flask, file: Path) -> None:
    backed_up(app, file)
    with alone():
        assert "Another backup or restore is running" in refused(app, file)
        assert run(app, "backup", file.with_name("tuesday")).exit_code == 1
    restored(app, file)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_restore_that_fails_leaves_the_keys_as_they_were(app: Flask, file: Path) -> None:
    signed(make_ask())
    backed_up(app, file)
    older = file.with_name("keys-of-monday.json")
    shutil.copy2(sealing.key_file().path, older)
    make_another_key_and_drop_the_old()
    present = sealing.key_file().path.read_bytes()
    in_its_way = Path(f"{engine().url.database}.restoring")
    in_its_way.mkdir()
    tried = run(app, "restore", file, "--keys", older)
    assert tried.output == f"Error: Is a directory: {in_its_way}\n"
    assert sealing.key_file().path.read_bytes() == present

    in_its_way.rmdir()
    restored(app, file, "--keys", older)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_dump_of_a_later_postgresql_is_refused_with_its_tools_own_words(
    app: Flask, file: Path
) -> None:
    backed_up(app, file)
    whole = bytearray(file.read_bytes())
    whole[6] = 99  # the minor version of its format
    file.write_bytes(whole)

    assert "unsupported version (1.99) in file header" in refused(app, file)


def test_a_running_install_is_left_alone(app: Flask, config: Config, file: Path) -> None:
    backed_up(app, file)
    other = create_engine(config.database, poolclass=NullPool)
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM signature"))
        assert "Something uses the database" in refused(app, file)
        missing = file.with_name("missing")
        assert "There is no file" in refused(app, missing)  # before anybody has stopped the site
    other.dispose()

    restored(app, file)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_who_is_just_hanging_up_is_waited_for(app: Flask, config: Config, file: Path) -> None:
    backed_up(app, file)
    other = create_engine(config.database, poolclass=NullPool)
    connection = other.connect()
    hanging_up = Timer(0.5, connection.close)
    hanging_up.start()

    restored(app, file)
    assert connection.closed
    hanging_up.join()
    other.dispose()


def test_values_whose_key_was_dropped_since_are_counted_first(app: Flask, file: Path) -> None:
    signature = signed(make_ask(), signer(name="Nadia Sample"))[0]
    backed_up(app, file)
    older = file.with_name("keys-of-monday.json")
    shutil.copy2(sealing.key_file().path, older)
    make_another_key_and_drop_the_old()
    assert "with no key that is here" in refused(app, file)

    done = restored(app, file, "--without-lost")
    assert "Sealed values that no key opens: " in done.output
    restored(app, file, "--keys", older)
    back = found(signature)
    assert back is not None
    assert back.opened().name == "Nadia Sample"


def make_another_key_and_drop_the_old() -> None:
    """Do to the key file what a rotation and its end do."""
    file = sealing.key_file()
    file.replace(file.keys().with_new_current())
    file.replace(file.keys().without(file.keys().old))


def test_an_install_moves_to_a_new_machine_with_its_backup_and_its_keys(
    app: Flask, config: Config, file: Path, tmp_path: Path, databases: Databases
) -> None:
    signature = signed(make_ask(), signer(name="Nadia Sample"))[0]
    kind = "sqlite" if is_sqlite() else "postgres"
    file.parent.mkdir()
    assert run(app, "backup", file, "--with-keys").exit_code == 0
    keys = file.with_name(f"{file.name}.keys.json")
    assert [path.stat().st_mode & 0o777 for path in (file, keys)] == [0o600, 0o600]

    folder = tmp_path / "new-machine"
    folder.mkdir(mode=0o700)
    url = databases.empty(kind, folder)
    there = create_app(replace(config, instance=folder, database_url=url))
    assert "other keys" in refused_anew(there, file)
    restored(there, file, "--keys", keys)
    back = found(signature)
    assert back is not None
    assert back.opened().name == "Nadia Sample"


def refused_anew(app: Flask, file: Path) -> str:
    """Try to put a backup back into an install without tables; return why it was not."""
    tried = run(app, "restore", file)
    assert tried.exit_code == 1
    return tried.output


def test_without_the_tools_of_postgresql_it_says_where_they_come_from(
    app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    file.parent.mkdir()
    tried = run(app, "backup", file)

    if is_sqlite():
        assert tried.exit_code == 0
        return
    assert tried.exit_code == 1
    assert "pg_dump is not on PATH. Install PostgreSQL's client tools" in tried.output
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_nothing_starts_on_a_restore_that_was_cut_off_until_it_is_done_once_more(
    app: Flask, config: Config, file: Path
) -> None:
    signature = signed(make_ask(), signer(name="Nadia Sample"))[0]
    backed_up(app, file)
    session.remove()
    with engine().begin() as connection:  # where a restore ends with its process
        connection.execute(text("ALTER SCHEMA public RENAME TO before_restore"))
        connection.execute(text("CREATE SCHEMA public"))
    open_instance(config)
    with pytest.raises(InstallUnfit, match="A restore was cut off in this database"):
        rows(Signature)
    restored(app, file)

    assert found(signature) is not None
    open_instance(config)
    assert rows(Signature) == 1


def test_a_backup_for_which_there_is_no_room_says_so_and_leaves_nothing(
    app: Flask, file: Path, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        (disk.folder / "other").write_bytes(bytes(900_000))
        tried = run(app, "backup", disk.folder / file.name, "--with-keys")
        left = [path.name for path in disk.folder.iterdir()]

    assert tried.exit_code == 1
    assert "No space left on device" in tried.output or "disk is full" in tried.output
    assert left == ["other"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_is_whole_also_where_nothing_can_be_noted(app: Flask, file: Path) -> None:
    signature = signed(make_ask())[0]
    with transaction() as writing:
        writing.execute(text("ALTER TABLE audit_head RENAME TO was"))
    made = backed_up(app, file)
    assert "whole, with 1 signature, 0 letters" in made.output
    assert "The log of who did what has no entry about it" in made.output

    with transaction() as writing:
        writing.execute(text("ALTER TABLE was RENAME TO audit_head"))
    assert found(signature) is not None
