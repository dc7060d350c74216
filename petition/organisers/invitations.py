"""Links with which somebody becomes an organiser, or sets a new password. None commits."""

from datetime import datetime

from sqlalchemy import Delete, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from petition.core.errors import DomainError, LinkExpired, LinkUnknown, LinkUsed
from petition.core.storage.database import session
from petition.core.tokens import LINK_LIFETIME, digest, new_token
from petition.organisers import passwords, recovery_codes, sessions, throttling
from petition.organisers.models import Identity, Invitation, Organiser, Role, email_tag


class AlreadyOrganiser(DomainError):
    """Somebody has a login with this address."""


class InvitedOtherwise(DomainError):
    """The invitation is for another address than the one that was typed."""


def invite(email: str, role: Role, at: datetime) -> str:
    """Return the token of an invitation for this address; earlier ones for it end.

    Raises AlreadyOrganiser.
    """
    tag = email_tag(email)
    if session.scalar(select(exists().where(Organiser.email_tag == tag))):
        raise AlreadyOrganiser
    session.execute(_unused().where(Invitation.email_tag == tag))
    return _issue(at, role=role, email_tag=tag)


def invite_first(at: datetime) -> str | None:
    """Return the token with which anybody becomes the owner; None when there is an organiser."""
    if session.scalar(select(exists().where(Organiser.id > 0))):
        return None
    session.execute(_unused().where(Invitation.is_first))
    return _issue(at, role=Role.OWNER, is_first=True)


def reset(organiser: Organiser, at: datetime) -> str:
    """Shut everybody out; return the token with which the organiser sets a new password.

    The password ends now, not when the link is used: somebody else may know it, and the code.
    """
    organiser.password_hash = passwords.nobodys_hash()
    session.flush()
    sessions.end_all(organiser.id, at)
    session.execute(_unused().where(Invitation.organiser_id == organiser.id))
    return _issue(at, role=organiser.role, organiser_id=organiser.id)


def open_invitation(token: str, at: datetime) -> Invitation:
    """Return the invitation, changing nothing. Raises LinkUnknown, LinkUsed or LinkExpired."""
    found = session.get(Invitation, digest(token))
    if found is None:
        raise LinkUnknown
    if found.used_at is not None:
        raise LinkUsed
    if found.expires_at <= at:
        raise LinkExpired
    if found.is_first and session.scalar(select(exists().where(Organiser.id > 0))):
        raise LinkUsed
    return found


def accept(token: str, identity: Identity, password_hash: str, at: datetime) -> Organiser:
    """Use the invitation up and return the new organiser.

    Raises LinkError, InvitedOtherwise or AlreadyOrganiser.
    """
    invitation = _use(token, at)
    if invitation.organiser_id is not None:
        raise LinkUnknown
    if invitation.email_tag not in (None, email_tag(identity.email)):
        raise InvitedOtherwise
    organiser = Organiser(role=invitation.role, password_hash=password_hash, created_at=at)
    organiser.identify(identity)
    session.add(organiser)
    try:
        session.flush()
    except IntegrityError:  # uq_organiser_email_tag, the only one that typed input can break
        raise AlreadyOrganiser from None
    return organiser


def set_password(token: str, password_hash: str, at: datetime) -> Organiser:
    """Use the link up: a new password, no authenticator, no sessions. Raises LinkError."""
    invitation = _use(token, at)
    if invitation.organiser_id is None:
        raise LinkUnknown
    organiser = session.get_one(Organiser, invitation.organiser_id, with_for_update=True)
    organiser.password_hash = password_hash
    organiser.disabled_at = None
    organiser.drop_authenticator()
    recovery_codes.drop(organiser.id)
    sessions.end_all(organiser.id, at)
    throttling.clear(*throttling.of_account(organiser.email_tag))
    return organiser


def disable(organiser: Organiser, at: datetime) -> None:
    """Let the organiser in no longer, until a reset."""
    organiser.disabled_at = at
    session.execute(_unused().where(Invitation.organiser_id == organiser.id))
    sessions.end_all(organiser.id, at)


def purge(at: datetime) -> None:
    """Delete links that are too old to open."""
    session.execute(delete(Invitation).where(Invitation.expires_at <= at))


def _issue(at: datetime, **values: object) -> str:
    token = new_token()
    expires_at = at + LINK_LIFETIME
    session.execute(
        insert(Invitation).values(token_hash=token.digest, expires_at=expires_at, **values)
    )
    return token.secret


def _use(token: str, at: datetime) -> Invitation:
    """Of two at once, one gets it."""
    invitation = open_invitation(token, at)
    used = session.scalar(
        update(Invitation)
        .where(Invitation.token_hash == invitation.token_hash, Invitation.used_at.is_(None))
        .values(used_at=at)
        .returning(Invitation.token_hash)
    )
    if used is None:
        raise LinkUsed
    return invitation


def _unused() -> Delete:
    return delete(Invitation).where(Invitation.used_at.is_(None))
