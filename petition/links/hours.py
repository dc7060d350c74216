"""The hours of mailed links: when they start and end, and when a link is forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from petition.core.clock import end_of_hour
from petition.core.storage.database import rows_of, session
from petition.core.storage.purging import delete_some
from petition.core.tokens import LINK_LIFETIME
from petition.links.models import MailedLink
from petition.outbox.origins import KINDS, number_in

AT_ONCE = timedelta(minutes=10)
"""A mail that left this soon has taken nothing from the hours that it promises."""
KEEP_EXPIRED = timedelta(days=30)
_links = rows_of(MailedLink)


def end_of(made_at: datetime) -> datetime:
    """Return until when a link lives that is made now: its hours, and to the end of the last.

    To the minute it would tell when somebody signed.
    """
    return end_of_hour(made_at + LINK_LIFETIME)


def start_hours(origin: str | None, made_at: datetime, at: datetime) -> None:
    """Let a link live its hours from now, when its mail leaves, if that had to wait.

    The link belongs to what caused the mail, its `origin`, and was made with it in one transaction,
    at `made_at`. Where nothing of ours caused it there is none. One that somebody has opened to
    change what is behind it is left as it is: they may wait for the mail that is noted here.
    """
    if at - made_at < AT_ONCE:
        return
    ends = [end_of(made_at), made_at + LINK_LIFETIME]
    for kind in KINDS:
        number = number_in(origin, kind)
        if number is not None:
            its = (_links.c[f"{kind}_id"] == number) & _links.c.expires_at.in_(ends)
            free = select(_links.c.token_hash).where(its).with_for_update(skip_locked=True)
            are_free = _links.c.token_hash.in_(free)
            session.execute(update(_links).where(are_free).values(expires_at=end_of(at)))


def purge(at: datetime) -> bool:
    """Delete some links that expired a month ago; until then they say that they are too old.

    True when there may be more.
    """
    return delete_some(_links, _links.c.expires_at < at - KEEP_EXPIRED)
