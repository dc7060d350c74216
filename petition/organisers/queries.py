"""Reads of organisers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from petition.core.storage.database import session
from petition.organisers.models import Invitation, Organiser, email_tag


def organiser_by_email(email: str) -> Organiser | None:
    """Return the organiser with this address."""
    return session.scalar(select(Organiser).where(Organiser.email_tag == email_tag(email)))


def organiser_by_id(organiser_id: int) -> Organiser:
    """Return the organiser with this number, who must exist."""
    return session.get_one(Organiser, organiser_id)


def all_organisers() -> list[Organiser]:
    """Return every organiser, those who joined first at the top."""
    return list(session.scalars(select(Organiser).order_by(Organiser.id)))


def names_of(organiser_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these organisers; of one whose name does not open, the number."""
    found = session.scalars(select(Organiser).where(Organiser.id.in_(set(organiser_ids))))
    return {organiser.id: organiser.identity_if_whole.name for organiser in found}


def open_invitations(at: datetime) -> list[Invitation]:
    """Return the invitations and resets that nobody has used yet."""
    statement = select(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at > at)
    return list(session.scalars(statement.order_by(Invitation.expires_at)))
