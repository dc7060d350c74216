"""The ceiling of the site's unconfirmed mail: so much leaves in an hour, and the rest waits.

Whoever types strangers' addresses into our forms makes us write to them. However it is done, no
more than this leaves in an hour; nothing is dropped or refused for it. The workers count as they
claim, in the same transaction, so that several on several hosts share one count, and a crash takes
a mail and its part of the count back together. None of it commits.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    String,
    case,
    cast,
    exists,
    literal,
    select,
    update,
)

from petition.core.clock import hour_of
from petition.core.storage.database import insert_into, rows_of, session
from petition.outbox.models import UNFINISHED, OutboxMail, UnconfirmedMail

LATELY = timedelta(days=1)
_hours = rows_of(UnconfirmedMail)


def left(at: datetime, ceiling: int) -> int:
    """Return how many mails may still leave in this hour."""
    used = session.scalar(select(_hours.c.used).where(_hours.c.hour == hour_of(at))) or 0
    return max(ceiling - used, 0)


def take(wanted: int, at: datetime, ceiling: int) -> int:
    """Take up to so many of what may leave in this hour; return how many."""
    hour = hour_of(at)
    used = session.scalar(select(_hours.c.used).where(_hours.c.hour == hour).with_for_update()) or 0
    allowed = min(wanted, ceiling - used)
    if allowed <= 0:
        return 0
    row = {"hour": hour, "used": allowed, "ceiling": ceiling}
    statement = insert_into(UnconfirmedMail).on_conflict_do_update(
        index_elements=["hour"],
        set_={"used": UnconfirmedMail.used + allowed, "ceiling": ceiling},
        where=UnconfirmedMail.used + allowed <= ceiling,
    )
    took = session.execute(statement.returning(UnconfirmedMail.used), row).scalar()
    return 0 if took is None else allowed


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
