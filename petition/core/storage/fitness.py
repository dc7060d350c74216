"""Whether this process may take anything in, or work, as its install stands now."""

import time
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from petition.core.errors import InstallUnfit
from petition.core.storage import sqlite_file
from petition.core.storage.database import engine
from petition.core.storage.migrating import why_unlike

LOOK_AGAIN_SECONDS = 5.0
FILE_GONE = (
    "The database file, or the -wal file beside it, was moved, deleted or replaced while the site "
    "was running, so nothing is taken in. Put back what was there; or stop the site in good order, "
    "for it still writes what it knows, see that the right file is in its place without a -wal "
    "file of another, and start again."
)
_looked: WeakKeyDictionary[Engine, tuple[float, str | None]] = WeakKeyDictionary()


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
