"""Links that mails carry: when their hours start, and when they are forgotten.

Their tables differ in what a link belongs to; `token_hash` and `expires_at` are the same in all.
"""

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from sqlalchemy import Column, Table, select, update

from petition.core.clock import end_of_hour
from petition.core.errors import LinkUnknown
from petition.core.keyring.sealing import tag
from petition.core.storage.database import session
from petition.core.storage.purging import delete_some
from petition.core.tokens import LINK_LIFETIME, digest

AT_ONCE = timedelta(minutes=10)
"""A mail that left this soon has taken nothing from the hours that it promises."""
KEEP_EXPIRED = timedelta(days=30)
SPAN = timedelta(minutes=5)
SPANS_REMEMBERED = 3
"""For how long a link that was pressed leads on whoever presses again: 10 to 15 minutes."""


def expiry(links: Table, token: str) -> datetime:
    """Return until when a link opens. Raises LinkUnknown."""
    found = select(links.c.expires_at).where(links.c.token_hash == digest(token))
    expires_at: datetime | None = session.scalar(found)
    if expires_at is None:
        raise LinkUnknown
    return expires_at


def end_of(made_at: datetime) -> datetime:
    """Return until when a link lives that is made now: its hours, and to the end of the last.

    To the minute it would tell when somebody signed.
    """
    return end_of_hour(made_at + LINK_LIFETIME)


def start_hours(owner: Column[Any], number: int | None, made_at: datetime, at: datetime) -> None:
    """Let a link live its hours from now, when its mail leaves, if that had to wait.

    The link belongs to what has this `number` in the column `owner`, and was made with its mail in
    one transaction, at `made_at`. Without a number there is none.
    """
    if number is None or at - made_at < AT_ONCE:
        return
    links = owner.table
    session.execute(
        update(links)
        .where(owner == number, links.c.expires_at.in_([end_of(made_at), made_at + LINK_LIFETIME]))
        .values(expires_at=end_of(at))
    )


def purge(links: Table, at: datetime) -> bool:
    """Delete some links that expired a month ago; until then they say that they are too old.

    True when there may be more.
    """
    return delete_some(links, links.c.expires_at < at - KEEP_EXPIRED)


def pressed_mark(token: str, at: datetime) -> bytes:
    """Return what a link keeps when its button is pressed.

    Only who has the link and our keys can tell from it when that was.
    """
    return tag("pressed", f"{int(at.timestamp() // SPAN.total_seconds())}:{token}")


def was_just_pressed(mark: bytes | None, token: str, at: datetime) -> bool:
    """Whether the button of this link, and no other, was pressed some minutes ago."""
    spans = (at - number * SPAN for number in range(SPANS_REMEMBERED))
    return mark is not None and any(
        compare_digest(mark, pressed_mark(token, span)) for span in spans
    )
