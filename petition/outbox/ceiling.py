"""The ceiling of the site's unconfirmed mail: so much leaves in an hour, and the rest waits.

Whoever types strangers' addresses into our forms makes us write to them. However it is done, no
more than this leaves in an hour; nothing is dropped or refused for it. The workers count as they
claim, in the same transaction, so that several on several hosts share one count, and a crash takes
a mail and its part of the count back together. None of it commits.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    String,
    bindparam,
    case,
    cast,
    exists,
    literal,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from petition.core.clock import hour_of
from petition.core.storage.database import Insert, insert_into, rows_of, session
from petition.outbox.models import UNFINISHED, OutboxMail, UnconfirmedMail

LATELY = timedelta(days=1)
_hours = rows_of(UnconfirmedMail)
_used = select(_hours.c.used).where(_hours.c.hour == bindparam("of_hour", type_=_hours.c.hour.type))
_used_so_far = _used.with_for_update()


def left(at: datetime, ceiling: int) -> int:
    """Return how many mails may still leave in this hour."""
    used = session.scalar(_used, {"of_hour": hour_of(at)}) or 0
    return max(ceiling - used, 0)


def take(wanted: int, at: datetime, ceiling: int) -> int:
    """Take up to so many of what may leave in this hour; return how many."""
    hour = hour_of(at)
    used = session.scalar(_used_so_far, {"of_hour": hour}) or 0
    allowed = min(wanted, ceiling - used)
    if allowed <= 0:
        return 0
    row = {"hour": hour, "used": allowed, "ceiling": ceiling}
    took = session.scalar(_taking(insert_into(UnconfirmedMail)), row)
    return 0 if took is None else allowed


@lru_cache
def _taking(into: Insert) -> ReturningInsert[int]:
    used = _hours.c.used + into.excluded.used
    taken = into.on_conflict_do_update(
        index_elements=["hour"],
        set_={"used": used, "ceiling": into.excluded.ceiling},
        where=used <= into.excluded.ceiling,
    )
    return taken.returning(_hours.c.used)


def give_back(hours: Iterable[datetime | None]) -> None:
    """Give back what was taken in these hours for mails that were not tried."""
    for hour, count in Counter(hour for hour in hours if hour is not None).items():
        session.execute(
            update(_hours)
            .where(_hours.c.hour == hour)
            .values(used=case((_hours.c.used > count, _hours.c.used - count), else_=0))
        )


def was_reached(at: datetime, ceiling: int) -> bool:
    """Whether as many mails as may leave in an hour left in this hour, or in the one before it."""
    last_two = _hours.c.hour.between(hour_of(at) - timedelta(hours=1), hour_of(at))
    found = select(_hours.c.hour).where(last_two, _hours.c.used >= ceiling)
    return session.scalar(select(found.exists())) or False


def may_wait_still(
    kind: str, number: SQLColumnExpression[int], at: datetime
) -> ColumnElement[bool]:
    """Return the condition that a mail about what has this number waits, perhaps for the ceiling.

    What nobody confirmed in a week is forgotten, unless its mail could not leave in that time.
    """
    was_lately_reached = exists().where(
        _hours.c.hour >= at - LATELY, _hours.c.used >= _hours.c.ceiling
    )
    return was_lately_reached & waits(kind, number)


def waits(kind: str, number: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return the condition that a mail waits that asks to confirm what has this number."""
    origin = literal(f"{kind}:") + cast(number, String)
    return exists().where(OutboxMail.origin == origin, UNFINISHED, OutboxMail.unconfirmed)
