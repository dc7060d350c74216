"""A backup of the database, made while the site runs."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from petition.core.keyring.keys import keep_names
from petition.core.keyring.sealing import key_file, keys
from petition.core.storage.database import is_sqlite
from petition.safekeeping import postgres_dumps, sqlite_copies
from petition.safekeeping.contents import Contents, Unfit


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and read again."""

    contents: Contents
    keys_file: Path | None


def back_up(database_url: str, target: Path, *, with_keys: bool) -> Backup:
    """Write a backup into a new file, read it again, and then give it its name.

    Its mode is 0600. The keys go into a file of their own, and only where asked for. Raises Unfit.
    """
    keys_file = target.with_name(f"{target.name}.keys.json") if with_keys else None
    with alone():
        for path in filter(None, (target, keys_file)):
            if path.exists():
                raise Unfit(f"{path} exists already: choose another name.")
        return Backup(_made(database_url, target, keys_file), keys_file)


@contextmanager
def alone() -> Iterator[None]:
    """Keep other backups and restores of this host away meanwhile. Raises Unfit."""
    folder = os.open(key_file().path.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unfit("Another backup or restore is running.") from None
        yield
    finally:
        os.close(folder)


def _made(database_url: str, target: Path, keys_file: Path | None) -> Contents:
    """Make the files; where that fails, none of them stays."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    leftovers = [unfinished]
    try:
        _write(database_url, unfinished)
        contents = read(unfinished)
        contents.require_ours()
        if not contents.belongs_to(keys()):
            raise Unfit("The database belongs to other keys than those in the instance folder.")
        if keys_file is not None:
            leftovers.append(keys_file)
            _copy_keys(keys_file)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.rename(target)
        leftovers.clear()
        keep_names(target.parent)
    except OSError as fault:
        raise Unfit(f"The backup cannot be written: {os.strerror(fault.errno or 0)}.") from None
    except sqlite3.Error as fault:
        raise Unfit(f"The backup cannot be written: {fault}.") from None
    finally:
        for path in leftovers:
            path.unlink(missing_ok=True)
    return contents


def read(path: Path) -> Contents:
    """Return what is in a backup for the database in use. Raises Unfit."""
    if not path.is_file():
        raise Unfit(f"There is no file {path}.")
    if is_sqlite():
        return sqlite_copies.read(path)
    return postgres_dumps.read(path)


def _write(database_url: str, target: Path) -> None:
    url = make_url(database_url)
    if not is_sqlite():
        postgres_dumps.dump(url, target)
        return
    source = Path(url.database or "")
    if not source.exists():
        raise Unfit("There is no database yet.")
    sqlite_copies.copy(source, target)


def _copy_keys(target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(key_file().path.read_bytes())
        stream.flush()
        os.fsync(stream.fileno())
