"""Tables: organisers, their sessions, recovery codes, invitations, and failed logins."""

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.keyring.sealing import SealBroken, Sealed, seal, tag, unseal
from petition.core.storage.columns import Box, Digest, Id, KeyId, UtcDateTime, big_id, enum_of
from petition.core.storage.database import Base

IDLE = timedelta(minutes=30)
IN_ALL = timedelta(hours=8)


class Role(StrEnum):
    """What an organiser is trusted with."""

    OWNER = "owner"
    EDITOR = "editor"
    MODERATOR = "moderator"
    EXPORTER = "exporter"
    AUDITOR = "auditor"


class Identity(NamedTuple):
    """What is sealed of an organiser."""

    name: str
    email: str


def email_tag(email: str) -> bytes:
    """Return the tag by which an organiser's address is found; capitals do not count."""
    return tag("organiser", email.strip().casefold())


def identity_context(organiser_tag: bytes) -> str:
    """Return the context to which an organiser's name and address are bound."""
    return f"organiser:{organiser_tag.hex()}"


def totp_context(organiser_tag: bytes) -> str:
    """Return the context to which the secret of an organiser's codes is bound."""
    return f"organiser-totp:{organiser_tag.hex()}"


class Organiser(Base):
    """A person with a login."""

    __tablename__ = "organiser"
    __table_args__ = (
        CheckConstraint(
            "(totp_secret IS NULL) = (totp_secret_key IS NULL)", name="totp_secret_has_its_key"
        ),
    )

    id: Mapped[Id]
    email_tag: Mapped[Digest] = mapped_column(unique=True)
    person: Mapped[Box]
    person_key: Mapped[KeyId]
    role: Mapped[Role] = mapped_column(enum_of(Role, "organiser_role"))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_secret: Mapped[Box | None]
    """Absent until the organiser has enrolled an authenticator."""
    totp_secret_key: Mapped[KeyId | None]
    totp_last_step: Mapped[int] = mapped_column(big_id, default=0)
    """The step of the last code that was used: each code is good once."""
    created_at: Mapped[UtcDateTime]
    disabled_at: Mapped[UtcDateTime | None]

    @property
    def identity(self) -> Identity:
        """The name and address in the clear. Raises SealBroken."""
        box = Sealed(self.person_key, self.person)
        return Identity(**json.loads(unseal(box, identity_context(self.email_tag))))

    @property
    def identity_if_whole(self) -> Identity:
        """The same; where the seal does not open, the number in the name's place."""
        try:
            return self.identity
        except SealBroken:
            return Identity(f"#{self.id}", "")

    def identify(self, identity: Identity) -> None:
        """Note the name and address, sealed; the tag follows the address."""
        self.email_tag = email_tag(identity.email)
        data = json.dumps(identity._asdict(), ensure_ascii=False, separators=(",", ":"))
        self.person_key, self.person = seal(data.encode(), identity_context(self.email_tag))

    @property
    def secret(self) -> str | None:
        """The secret of the authenticator in the clear, if one is enrolled."""
        if self.totp_secret is None or self.totp_secret_key is None:
            return None
        box = Sealed(self.totp_secret_key, self.totp_secret)
        return unseal(box, totp_context(self.email_tag)).decode()

    @property
    def has_authenticator(self) -> bool:
        """Whether a login asks for a code."""
        return self.totp_secret is not None

    def drop_authenticator(self) -> None:
        """Forget the authenticator; the next login enrols a new one."""
        self.totp_secret = self.totp_secret_key = None


class RecoveryCode(Base):
    """One of ten codes that stand in for the authenticator, each good once."""

    __tablename__ = "recovery_code"

    organiser_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("organiser.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[Digest] = mapped_column(primary_key=True)
    used_at: Mapped[UtcDateTime | None]


class OrganiserSession(Base):
    """One browser in which an organiser logged in, known by the hash of its token."""

    __tablename__ = "organiser_session"

    token_hash: Mapped[Digest] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("organiser.id", ondelete="CASCADE"), index=True
    )
    second_factor: Mapped[bool] = mapped_column(default=False)
    """Whether the second step is behind; until then nothing but that step opens."""
    created_at: Mapped[UtcDateTime]
    last_seen_at: Mapped[UtcDateTime]
    revoked_at: Mapped[UtcDateTime | None]

    def is_live(self, at: datetime) -> bool:
        """Whether the session still opens pages."""
        fresh = at < self.last_seen_at + IDLE and at < self.created_at + IN_ALL
        return self.revoked_at is None and fresh


class Invitation(Base):
    """A single-use link with which somebody becomes an organiser, or sets a new password."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("NOT is_first OR organiser_id IS NULL", name="first_is_for_nobody_yet"),
    )

    token_hash: Mapped[Digest] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column(enum_of(Role, "invitation_role"))
    organiser_id: Mapped[int | None] = mapped_column(
        big_id, ForeignKey("organiser.id", ondelete="CASCADE")
    )
    """Whose password is set anew; absent in an invitation."""
    email_tag: Mapped[Digest | None]
    """For whom the invitation is; absent in the first one, where anybody may be the owner."""
    is_first: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[UtcDateTime]
    used_at: Mapped[UtcDateTime | None]


class LoginFailure(Base):
    """A login that failed; counted for the account and for the network apart."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_scope", "scope_tag", "failed_at"),)

    id: Mapped[Id]
    scope_tag: Mapped[Digest]
    failed_at: Mapped[UtcDateTime]


def _context_of_person(organiser: Organiser) -> str:
    return identity_context(organiser.email_tag)


def _context_of_secret(organiser: Organiser) -> str:
    return totp_context(organiser.email_tag)


SEALED_COLUMNS = (
    (Organiser, "person", "person_key", _context_of_person),
    (Organiser, "totp_secret", "totp_secret_key", _context_of_secret),
)
