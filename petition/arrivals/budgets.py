"""Budgets: how many of something a network or a mail domain may have in an hour.

Counted in the database, for every process and host alike, by the generic cell rate algorithm
(ITU-T I.371): each one taken moves a mark ahead by its share of an hour, and who is more than an
hour ahead waits for the difference. So an hour's worth may come at once, and what comes after it
spreads over the hours that follow. None of it commits.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, case, select
from sqlalchemy.sql.dml import ReturningInsert

from petition.arrivals.models import Budget
from petition.core.keyring.sealing import tag
from petition.core.storage.database import Insert, insert_into, rows_of, session
from petition.core.storage.purging import delete_some

HOUR_MS = 3_600_000
AT_ONCE_MS = HOUR_MS + 2_000
"""An hour's worth may come at once, on hosts whose clocks differ by a moment."""
LONGEST_WAIT = timedelta(hours=6)
"""Nobody waits longer, however much others of the same network have taken."""
MOST_MS = AT_ONCE_MS + LONGEST_WAIT // timedelta(milliseconds=1)
_present, _share, _most = (
    bindparam(name, type_=BigInteger) for name in ("present", "share", "most")
)
_mark = case(
    (Budget.used_until > _most, _present),  # the clock was ahead when it was set
    (Budget.used_until > _present, Budget.used_until),
    else_=_present,
)
_ahead = _mark + _share
_budgets = rows_of(Budget)
_reading = select(_budgets).where(_budgets.c.tag.in_(bindparam("codes", expanding=True)))


def code_of(kind: str, value: str, at: datetime) -> bytes:
    """Return the code by which a network or a domain is counted: another each UTC day."""
    return tag(f"budget:{kind}:{at.date()}", value)


def as_text(code: bytes | None) -> str | None:
    """Return a code as JSON can carry it."""
    return code.hex() if code is not None else None


def from_text(text: str | None) -> bytes | None:
    """Read what `as_text` made."""
    return bytes.fromhex(text) if text is not None else None


class Ledger:
    """What is taken from budgets at one moment, in its order; the database hears of it at the end.

    It is told how much was taken, not how much is left: what others take meanwhile is not lost.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._marks: dict[bytes, int] = {}
        self._taken = Counter[tuple[bytes, int]]()

    def read(self, codes: Collection[bytes]) -> None:
        """Read these budgets, as far as they were not read before."""
        unread = [code for code in set(codes) if code not in self._marks]
        if unread:
            self._marks |= dict.fromkeys(unread, 0)
            self._marks |= {
                row.tag: row.used_until for row in session.execute(_reading, {"codes": unread})
            }

    def wait_for(self, code: bytes, an_hour: int) -> timedelta:
        """Return how long the next one would have to wait; nothing within the budget."""
        if an_hour <= 0:
            return LONGEST_WAIT
        waits_ms = self._ahead(code, HOUR_MS // an_hour) - _milliseconds(self.at) - AT_ONCE_MS
        return timedelta(milliseconds=max(0, waits_ms))

    def take(self, code: bytes, an_hour: int) -> None:
        """Take one of `an_hour`, whether any is left or not."""
        if an_hour > 0:
            self._marks[code] = self._ahead(code, HOUR_MS // an_hour)
            self._taken[code, an_hour] += 1

    def _ahead(self, code: bytes, share: int) -> int:
        """Return where a mark stands once a share more is taken."""
        self.read([code])
        present = _milliseconds(self.at)
        most, mark = present + MOST_MS, self._marks[code]
        return min((present if mark > most else max(mark, present)) + share, most)

    def write(self) -> None:
        """Note what was taken; in one order, so that two who do never wait for each other."""
        rows = [
            _row(code, HOUR_MS // an_hour * count, self.at, MOST_MS)
            for (code, an_hour), count in sorted(self._taken.items())
        ]
        if rows:
            session.execute(_take(insert_into(Budget)), rows)
        self._taken.clear()


def take_if_left(code: bytes, an_hour: int, at: datetime) -> bool:
    """Take one of `an_hour`, or nothing and return false where none is left."""
    if an_hour <= 0:
        return False
    row = _row(code, HOUR_MS // an_hour, at, AT_ONCE_MS)
    return session.execute(_take_if_left(insert_into(Budget)), row).scalar() is not None


def _row(code: bytes, share: int, at: datetime, most: int) -> dict[str, Any]:
    present = _milliseconds(at)
    return {
        "tag": code,
        "used_until": present + min(share, most),
        "present": present,
        "share": share,
        "most": present + most,
    }


@lru_cache
def _take(into: Insert) -> Insert:
    used_until = case((_ahead > _most, _most), else_=_ahead)
    return _first(into).on_conflict_do_update(
        index_elements=["tag"], set_={"used_until": used_until}
    )


@lru_cache
def _take_if_left(into: Insert) -> ReturningInsert[int]:
    taken = _first(into).on_conflict_do_update(
        index_elements=["tag"], set_={"used_until": _ahead}, where=_ahead <= _most
    )
    return taken.returning(Budget.used_until)


def _first(into: Insert) -> Insert:
    return into.values(tag=bindparam("tag"), used_until=bindparam("used_until"))


def purge(at: datetime) -> bool:
    """Forget some budgets that are whole again; true when there may be more."""
    return delete_some(rows_of(Budget), Budget.used_until <= _milliseconds(at))


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
