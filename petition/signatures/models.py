"""Tables: signatures, what left the count, and the tally."""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.storage.columns import (
    Box,
    Country,
    Digest,
    Id,
    KeyId,
    Language,
    UtcDateTime,
    big_id,
    enum_of,
    rows_where,
)
from petition.core.storage.database import Base
from petition.signatures.persons import Person, person_context
from petition.signatures.sources import LONGEST_SOURCE

OPEN, SHOWN = "state <> 'confirmed'", "reason_shown"
TO_READ = "has_reason AND NOT reason_shown AND visibility <> 'private' AND state = 'confirmed'"
"""Which reasons a moderator may show and has not shown."""

TO_TELL = "mail_allowed AND NOT on_hold AND state = 'confirmed'"
"""Who gets news."""


class SignatureState(StrEnum):
    """Where a signature stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    INVALIDATED = "invalidated"


class Visibility(StrEnum):
    """How the signer's name appears in public."""

    PRIVATE = "private"
    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"


class RemovalCause(StrEnum):
    """Why a confirmed signature left the count."""

    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    INVALIDATED = "invalidated"


class Signature(Base):
    """One supporter's name under one version of one petition."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("petition_id", "supporter_tag", name="one_signature_per_supporter"),
        ForeignKeyConstraint(
            ["text_id", "petition_id"],
            ["petition_text.id", "petition_text.petition_id"],
            name="signed_a_text_of_this_petition",
        ),
        CheckConstraint(
            "state NOT IN ('confirmed', 'invalidated') OR confirmed_at IS NOT NULL",
            name="confirmed_has_a_time",
        ),
        Index("ix_signature_newest", "petition_id", "signed_at", "id"),
        Index("ix_signature_country", "petition_id", "country", "signed_at", "id"),
        Index("ix_signature_on_hold", "petition_id", "signed_at", "id", **rows_where("on_hold")),
        Index(
            "ix_signature_unconfirmed",
            "petition_id",
            "state",
            "signed_at",
            "id",
            **rows_where("state <> 'confirmed'"),
        ),
        Index(
            "ix_signature_reasons_to_read", "petition_id", "signed_at", "id", **rows_where(TO_READ)
        ),
        Index("ix_signature_to_tell", "petition_id", "id", **rows_where(TO_TELL)),
        Index(
            "ix_signature_shown_reasons",
            "petition_id",
            "confirmed_at",
            "id",
            **rows_where("reason_shown"),
        ),
        {"sqlite_autoincrement": True},  # an erased number must never be another's
    )

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id)
    text_id: Mapped[int] = mapped_column(big_id)
    supporter_tag: Mapped[Digest]
    state: Mapped[SignatureState] = mapped_column(enum_of(SignatureState, "signature_state"))
    person: Mapped[Box]
    person_key: Mapped[KeyId]
    country: Mapped[Country]
    language: Mapped[Language]
    visibility: Mapped[Visibility] = mapped_column(enum_of(Visibility, "visibility"))
    mail_allowed: Mapped[bool]
    """The answer to the text's `mail_question`."""
    mail_answered_at: Mapped[UtcDateTime]
    has_reason: Mapped[bool] = mapped_column(default=False)
    reason_shown: Mapped[bool] = mapped_column(default=False)
    """Whether a moderator has let the reason appear on the petition's page."""
    on_hold: Mapped[bool] = mapped_column(default=False)
    """Waits for a moderator and does not count yet."""
    signed_at: Mapped[UtcDateTime]
    confirmed_at: Mapped[UtcDateTime | None]
    source: Mapped[str | None] = mapped_column(String(LONGEST_SOURCE))
    """What the address named by which its owner first came, such as a newsletter."""

    def opened(self) -> Person:
        """Return the signer's data in the clear. Raises SealBroken."""
        return Person.unseal(Sealed(self.person_key, self.person), self.supporter_tag)

    @property
    def counts(self) -> bool:
        """Whether the petition's count includes this signature."""
        return self.state == SignatureState.CONFIRMED and not self.on_hold


class Removal(Base):
    """A signature that was withdrawn, erased or invalidated. Names its number, never the person."""

    __tablename__ = "removal"
    __table_args__ = (Index("ix_removal_petition", "petition_id", "removed_at"),)

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"))
    signature_id: Mapped[int] = mapped_column(big_id)
    """No foreign key: an erased signature leaves no row."""
    cause: Mapped[RemovalCause] = mapped_column(enum_of(RemovalCause, "removal_cause"))
    signed_at: Mapped[UtcDateTime]
    confirmed_at: Mapped[UtcDateTime | None]
    removed_at: Mapped[UtcDateTime]
    organiser_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("organiser.id"))
    why_box: Mapped[Box | None]
    """Free words of an organiser, sealed: they may name a person."""
    why_key: Mapped[KeyId | None]

    @property
    def why(self) -> str | None:
        """The organiser's words in the clear, if there are any and they open."""
        if self.why_box is None or self.why_key is None:
            return None
        try:
            return unseal(Sealed(self.why_key, self.why_box), _context_of_why(self)).decode()
        except SealBroken:
            return None


class MailStop(Base):
    """Somebody took back that they may be e-mailed. Names their signature's number alone."""

    __tablename__ = "mail_stop"
    __table_args__ = (Index("ix_mail_stop_petition", "petition_id", "stopped_at"),)

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"))
    signature_id: Mapped[int] = mapped_column(big_id)
    """No foreign key: an erased signature leaves no row."""
    stopped_at: Mapped[UtcDateTime]


class TallyEntry(Base):
    """A change of a count that the tally has not taken in yet; its row goes when it has."""

    __tablename__ = "tally_entry"
    __table_args__ = (CheckConstraint("change IN (-1, 1)", name="one_at_a_time"),)

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"))
    change: Mapped[int]
    country: Mapped[Country]
    hour: Mapped[UtcDateTime]


class Tally(Base):
    """How many signatures of a petition count."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("count >= 0", name="not_negative"),)

    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class HourTally(Base):
    """How many signatures that count were confirmed in one UTC hour."""

    __tablename__ = "tally_hour"

    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"), primary_key=True)
    hour: Mapped[UtcDateTime] = mapped_column(primary_key=True)
    count: Mapped[int]


class CountryTally(Base):
    """How many signatures that count come from one country."""

    __tablename__ = "tally_country"

    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"), primary_key=True)
    country: Mapped[Country] = mapped_column(primary_key=True)
    count: Mapped[int]


def _context(signature: Signature) -> str:
    return person_context(signature.supporter_tag)


def removal_context(signature_id: int) -> str:
    """Return the context to which the words about a removal are bound."""
    return f"removal:{signature_id}"


def _context_of_why(removal: Removal) -> str:
    return removal_context(removal.signature_id)


SEALED_COLUMNS = (
    (Removal, "why_box", "why_key", _context_of_why),
    (Signature, "person", "person_key", _context),
)
