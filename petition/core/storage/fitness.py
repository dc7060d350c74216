"""Whether this process may take anything in, or work, as its install stands now.

Which migrations there are is known by the names of their files: Alembic, which applies them, would
be in the memory of every process.
"""

import time
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, inspect, text

from petition.core.errors import InstallUnfit
from petition.core.storage import sqlite_file
from petition.core.storage.database import engine

SCRIPTS = Path(__file__).parent.parent.parent / "migrations"
NEWER = (
    "The database is newer than this program: it was migrated by a later version. "
    "Install that version, or a later one."
)
OLDER = "The database lacks migrations: run “flask --app petition migrate”."
LOOK_AGAIN_SECONDS = 5.0
FILE_GONE = (
    "The database file, or the -wal file beside it, was moved, deleted or replaced while the site "
    "was running, so nothing is taken in. Put back what was there; or stop the site in good order, "
    "for it still writes what it knows, see that the right file is in its place without a -wal "
    "file of another, and start again."
)
_looked: WeakKeyDictionary[Engine, tuple[float, str | None]] = WeakKeyDictionary()


@lru_cache
def _known() -> frozenset[str]:
    return frozenset(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def knows(revision: str) -> bool:
    """Whether a migration is one of ours."""
    return revision in _known()


def newest() -> str:
    """Return the id of the newest migration we have."""
    return max(_known())


def why_unlike() -> str | None:
    """Return in a sentence how the database differs from what this program knows, or None."""
    with engine().connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return OLDER
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found == newest():
        return None
    return OLDER if found is None or knows(found) else NEWER


def is_current() -> bool:
    """Whether the database has every migration, and none that we do not know."""
    return why_unlike() is None


def why_unfit() -> str | None:
    """Return in a sentence for whoever runs the site why not; None where it may.

    Whether the file is the one that we opened is looked at each time, the schema every few seconds.
    """
    if sqlite_file.is_gone(engine()):
        return FILE_GONE
    looked_at, found = _looked.get(engine(), (0.0, None))
    if not looked_at or time.monotonic() - looked_at > LOOK_AGAIN_SECONDS:
        found = why_unlike()
        _looked[engine()] = (time.monotonic(), found)
    return found


def require_fitness() -> None:
    """Raise InstallUnfit, with the sentence, where nothing may be taken in."""
    sentence = why_unfit()
    if sentence is not None:
        raise InstallUnfit(sentence)
