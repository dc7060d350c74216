"""The time, always aware and in UTC; for what several hosts share, that of the database.

Who is alive and what is due would else depend on whose clock is asked. The clock of the database is
read about once a second, on a connection in use anyway (`storage/database_time.py`); in between
this host's clock runs on, corrected by the difference.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from petition.core.log import log

ASK_SECONDS = 1.0
NOISE = timedelta(seconds=0.1)
"""A difference as small as this may be the way to the database: time never goes back for it."""
WORTH_A_WORD = timedelta(seconds=5)
_ahead = timedelta()
"""How far the database's clock is ahead of this host's."""
_asked_at = float("-inf")


def now() -> datetime:
    """Return the present instant, aware, in UTC: the same on every host."""
    return datetime.now(UTC) + _ahead


def is_to_be_asked() -> bool:
    """Whether the database's clock was not read for a while."""
    return time.monotonic() - _asked_at > ASK_SECONDS


def compare_with(read: Callable[[], datetime]) -> None:
    """Go by the clock of the database from now on; `read` asks it for the time."""
    global _ahead, _asked_at
    _asked_at = time.monotonic()  # first: the other threads need not ask as well
    before = datetime.now(UTC)
    shared = read()
    on_its_way = (datetime.now(UTC) - before) / 2
    ahead = shared - before - on_its_way
    if abs(ahead - _ahead) <= NOISE + on_its_way:
        return
    if abs(ahead - _ahead) > WORTH_A_WORD:
        fields = {"database_is_ahead_s": round(ahead.total_seconds(), 1)}
        log.warning("this host's clock differs from the database's", extra={"fields": fields})
    _ahead = ahead


def forget() -> None:
    """Go by this host's clock, until a database is asked."""
    global _ahead, _asked_at
    _ahead, _asked_at = timedelta(), float("-inf")


def hour_of(instant: datetime) -> datetime:
    """Return the start of the UTC hour that holds the aware `instant`."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def end_of_hour(instant: datetime) -> datetime:
    """Return the end of the UTC hour that holds `instant`; a full hour is its own."""
    start = hour_of(instant)
    return start if start == instant else start + timedelta(hours=1)
