"""What there is of a mailbox already, read in one statement."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, String, bindparam, cast, exists, func, literal, or_, select

from petition.core.storage.database import session
from petition.core.tokens import LINK_LIFETIME
from petition.holds.models import OF_A_PROGRAM, Hold
from petition.links.models import LinkPurpose, MailedLink
from petition.outbox.models import UNFINISHED, OutboxMail
from petition.outbox.origins import SIGNATURE
from petition.signatures.links import SEALED_PERSON
from petition.signatures.models import (
    Signature,
    SignatureState,
)

_WAITS_UNMAILED = exists().where(
    Hold.signature_id == Signature.id,
    Hold.closed_at.is_(None),
    Hold.cause.in_(OF_A_PROGRAM),
    Signature.state == SignatureState.PENDING,
    Signature.on_hold,
)
"""Whether a signature looks like a program's and no moderator has accepted it so far."""
_IS_ON_ITS_WAY = exists().where(
    OutboxMail.origin == literal(f"{SIGNATURE}:") + cast(Signature.id, String),
    UNFINISHED,
    OutboxMail.news_of.is_(None),
)
"""Whether a mail about it has still to leave, which starts the hours of its link."""
_IS_ITS_LINK = MailedLink.signature_id == Signature.id


def found_before(petition_id: int, tag: bytes, at: datetime) -> Row[*tuple[Any, ...]] | None:
    """Return the signature of a mailbox and what its next mail depends on; None without one.

    Whoever is to change it locks it before, in a statement of its own: what is read beside a row
    is as it was when the wait for that row began.
    """
    made_today = at + LINK_LIFETIME - timedelta(days=1)
    given = {"of_petition": petition_id, "of_tag": tag, "present": at, "made_today": made_today}
    return session.execute(_statement(), given).one_or_none()


@lru_cache
def _statement() -> Select[Any]:
    """Return it made once: to put it together costs more than to ask it."""
    utc = MailedLink.expires_at.type
    lives = MailedLink.expires_at > bindparam("present", type_=utc)
    mails = select(func.coalesce(func.max(MailedLink.number), 0)).where(
        _IS_ITS_LINK, or_(lives, _IS_ON_ITS_WAY)
    )
    manage_links = select(func.count()).where(
        _IS_ITS_LINK,
        MailedLink.purpose == LinkPurpose.MANAGE,
        MailedLink.expires_at > bindparam("made_today", type_=utc),
    )
    return select(
        *(Signature.id, Signature.state, Signature.language, *SEALED_PERSON),
        _WAITS_UNMAILED.label("waits_unmailed"),
        mails.correlate(Signature).scalar_subquery().label("mails"),
        (exists().where(_IS_ITS_LINK, ~lives) & ~_IS_ON_ITS_WAY).label("has_old_links"),
        manage_links.correlate(Signature).scalar_subquery().label("manage_links_today"),
    ).where(
        Signature.petition_id == bindparam("of_petition", type_=Signature.petition_id.type),
        Signature.supporter_tag == bindparam("of_tag", type_=Signature.supporter_tag.type),
    )
