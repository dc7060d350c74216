"""Sessions on the server: made at a login, looked up at each request, ended at any time."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from petition.core.errors import DomainError
from petition.core.storage.database import session
from petition.core.tokens import digest, new_token
from petition.organisers.models import IDLE, IN_ALL, Organiser, OrganiserSession

NOTED_EVERY = timedelta(minutes=1)
"""A page within a minute of the last one writes nothing."""


class SessionEnded(DomainError):
    """The session was ended while its request was under way."""


def begin(organiser_id: int, at: datetime, *, second_factor: bool = False) -> str:
    """Start a session and return its token, which is stored nowhere."""
    token = new_token()
    session.execute(
        insert(OrganiserSession).values(
            token_hash=token.digest,
            organiser_id=organiser_id,
            second_factor=second_factor,
            created_at=at,
            last_seen_at=at,
        )
    )
    return token.secret


def find(token: str, at: datetime) -> tuple[OrganiserSession, Organiser] | None:
    """Return the live session of this token with its organiser, if there is one."""
    found = session.execute(
        select(OrganiserSession, Organiser)
        .join(Organiser, Organiser.id == OrganiserSession.organiser_id)
        .where(OrganiserSession.token_hash == digest(token), Organiser.disabled_at.is_(None))
    ).one_or_none()
    if found is None or not found[0].is_live(at):
        return None
    return found[0], found[1]


def needs_noting(visit: OrganiserSession, at: datetime) -> bool:
    """Whether this request should be written down as the last one seen."""
    return at >= visit.last_seen_at + NOTED_EVERY


def note_seen(visit: OrganiserSession, at: datetime) -> None:
    """Note that the session was used now. A session ended meanwhile stays so."""
    session.execute(
        update(OrganiserSession)
        .where(OrganiserSession.token_hash == visit.token_hash)
        .values(last_seen_at=at)
    )


def rotate(visit: OrganiserSession, at: datetime) -> str:
    """End a session whose second step is behind; return the token of the one that follows it.

    Raises SessionEnded: what was ended meanwhile does not come back as another session.
    """
    if not end(visit.organiser_id, visit.token_hash, at):
        raise SessionEnded
    return begin(visit.organiser_id, at, second_factor=True)


def live(organiser_id: int, at: datetime) -> list[OrganiserSession]:
    """Return the sessions of an organiser that still open pages, the newest first."""
    statement = (
        select(OrganiserSession)
        .where(OrganiserSession.organiser_id == organiser_id, OrganiserSession.second_factor)
        .order_by(OrganiserSession.created_at.desc())
    )
    return [visit for visit in session.scalars(statement) if visit.is_live(at)]


def end(organiser_id: int, token_hash: bytes, at: datetime) -> bool:
    """End one session of an organiser; false when it was over already. Of two at once, one does."""
    ended = session.scalar(
        update(OrganiserSession)
        .where(
            OrganiserSession.token_hash == token_hash,
            OrganiserSession.organiser_id == organiser_id,
            OrganiserSession.revoked_at.is_(None),
        )
        .values(revoked_at=at)
        .returning(OrganiserSession.token_hash)
    )
    return ended is not None


def end_all(organiser_id: int, at: datetime) -> None:
    """End every session of an organiser, those in their first step included."""
    session.execute(
        update(OrganiserSession)
        .where(OrganiserSession.organiser_id == organiser_id, OrganiserSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def purge(at: datetime) -> None:
    """Delete sessions that open nothing any more."""
    session.execute(
        delete(OrganiserSession).where(
            (OrganiserSession.created_at < at - IN_ALL)
            | (OrganiserSession.last_seen_at < at - IDLE)
        )
    )
