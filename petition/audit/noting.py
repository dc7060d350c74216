"""Writing the log. Nothing here commits.

One entry follows the other: whoever writes holds the head until the transaction ends, so an entry
is the last thing that a transaction writes. Only what organisers and the terminal do is noted, so
no signature ever waits for it.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Row, func, insert, inspect, select, update

from petition.audit.acts import Act
from petition.audit.chain import NOTHING, Content, chain_tag, head_tag
from petition.audit.models import Actor, AuditEntry, AuditHead, about_context
from petition.core.keyring.sealing import seal
from petition.core.storage.database import Insert, engine, insert_into, session

FAILURES_AN_HOUR = 20
"""How many failures of one login are noted in an hour: strangers make them, and all are kept."""
AND_MORE = "more"
"""Stands with the last of them."""


class By(NamedTuple):
    """Who did it."""

    actor: Actor
    organiser_id: int | None = None


class _End(NamedTuple):
    number: int
    chain_tag: bytes


TERMINAL = By(Actor.TERMINAL)
ITSELF = By(Actor.ITSELF)


def organiser(organiser_id: int) -> By:
    """Return that the organiser with this number did it."""
    return By(Actor.ORGANISER, organiser_id)


def has_place_for_log() -> bool:
    """Whether the database has the log's tables; a log that is missing there was taken away."""
    return inspect(engine()).has_table(AuditHead.__tablename__)


def begin_log(at: datetime) -> None:
    """Begin the log of an install that has had none; one that was emptied is not to begin anew."""
    begun = _new_head(_End(0, NOTHING)).returning(AuditHead.id)
    if session.execute(begun).one_or_none() is not None:
        note(Act.LOG_BEGUN, ITSELF, at)


def note(act: Act, by: By, at: datetime, **about: str | int) -> None:
    """Add an entry."""
    _append(_held_end(at), act, by, at, about)


def note_failure(act: Act, organiser_id: int | None, at: datetime) -> None:
    """Note that somebody failed at the login of an organiser, or at one that nobody has.

    Whether it is one of those that are left out takes as long.
    """
    end = _held_end(at)
    noted = session.scalar(
        select(func.count()).where(
            AuditEntry.act == act.value,
            AuditEntry.at > at - timedelta(hours=1),
            AuditEntry.organiser_id.is_not_distinct_from(organiser_id),
        )
    )
    noted = noted or 0
    if noted < FAILURES_AN_HOUR:
        about = {AND_MORE: 1} if noted == FAILURES_AN_HOUR - 1 else {}
        _append(end, act, By(Actor.SOMEBODY, organiser_id), at, about)


def _held_end(at: datetime) -> _End:
    """Return where the log ends, held until the transaction ends.

    An end that we did not write stays in sight for good: an entry says so.
    """
    session.flush()
    head = _held_head()
    was_missing = head is None
    if head is None:
        session.execute(_new_head(_last_written()))
        head = _held_head()
    written = _last_written()
    genuine = (*written, head_tag(*written))
    if head is not None and not was_missing and (*head,) == genuine:
        return written
    beyond = _End(max(written.number, head.number if head else 0), written.chain_tag)
    return _append(beyond, Act.LOG_CHANGED, ITSELF, at, {})


def _held_head() -> Row[int, bytes, bytes] | None:
    """Return the head as it stands; nobody else adds an entry until the transaction ends."""
    return session.execute(
        update(AuditHead)
        .values(number=AuditHead.number)
        .returning(AuditHead.number, AuditHead.chain_tag, AuditHead.head_tag)
    ).one_or_none()


def _last_written() -> _End:
    found = session.execute(
        select(AuditEntry.number, AuditEntry.chain_tag).order_by(AuditEntry.number.desc()).limit(1)
    ).one_or_none()
    return _End(*found) if found else _End(0, NOTHING)


def _new_head(end: _End) -> Insert:
    return insert_into(AuditHead).values(_row_of(end)).on_conflict_do_nothing()


def _append(end: _End, act: Act, by: By, at: datetime, about: Mapping[str, str | int]) -> _End:
    number = end.number + 1
    text = json.dumps(about, sort_keys=True) if about else None
    sealed = seal(text.encode(), about_context(number)) if text else None
    content = Content(number, at, act, by.actor, by.organiser_id, text).tag
    new_end = _End(number, chain_tag(end.chain_tag, content))
    session.execute(
        insert(AuditEntry).values(
            number=number,
            at=at,
            act=act.value,
            actor=by.actor,
            organiser_id=by.organiser_id,
            about=sealed and sealed.box,
            about_key=sealed and sealed.key_id,
            content_tag=content,
            chain_tag=new_end.chain_tag,
        )
    )
    session.execute(update(AuditHead).values(_row_of(new_end)))
    return new_end


def _row_of(end: _End) -> dict[str, int | bytes]:
    tagged = head_tag(end.number, end.chain_tag)
    return {"id": 1, "number": end.number, "chain_tag": end.chain_tag, "head_tag": tagged}
