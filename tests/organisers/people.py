"""Organisers for tests."""

from datetime import datetime
from functools import cache

import pyotp

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import authenticators, invitations, passwords, recovery_codes
from petition.organisers.models import Identity, Organiser, Role

PASSWORD = "many words make one lock"
NAMES = {
    Role.OWNER: "Olive Owner",
    Role.EDITOR: "Edda Editor",
    Role.MODERATOR: "Momo Moderator",
    Role.EXPORTER: "Exa Exporter",
    Role.AUDITOR: "Audra Auditor",
}


def join(
    role: Role = Role.OWNER, *, email: str = "", name: str = "", at: datetime | None = None
) -> Organiser:
    """Make somebody an organiser by way of an invitation; no authenticator yet."""
    identity = Identity(name or NAMES[role], email or f"{role}@example.org")
    at = at or now()
    with transaction():
        token = invitations.invite(identity.email, role, at)
        return invitations.accept(token, identity, _hash(), at)


@cache
def _hash() -> str:
    """Return the hash of everybody's password: each one made is 20 ms of work."""
    return passwords.hash_password(PASSWORD)


def enrol(organiser: Organiser) -> list[str]:
    """Give the organiser an authenticator, none of whose codes is used; return recovery codes."""
    with transaction() as session:
        assert authenticators.enrol(organiser, authenticators.new_secret(), 0)
        codes = recovery_codes.renew(organiser.id)
        session.refresh(organiser)
    return codes


def code_of(organiser: Organiser, at: datetime | None = None) -> str:
    """Return what the organiser's authenticator shows."""
    assert organiser.secret is not None
    return pyotp.TOTP(organiser.secret).at(at or now())
