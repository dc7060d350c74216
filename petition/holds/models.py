"""The table of holds, whatever waits."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import Id, UtcDateTime, big_id, enum_of, rows_where
from petition.core.storage.database import Base


class HoldCause(StrEnum):
    """Why something waits for a moderator."""

    HONEYPOT = "honeypot"
    TOO_FAST = "too_fast"
    PROGRAM = "program"
    """One of these two: a letter's draft does not keep which."""
    NETWORK = "network"
    MAIL_DOMAIN = "mail_domain"
    ALIKE = "alike"
    """Too many letters say nearly the same at once to be by as many people."""
    RESTORED = "restored"
    """It may have gone on since the backup that it comes from."""
    UNNOTED = "unnoted"
    """It was held when causes of letters were not noted yet."""


OF_A_PROGRAM = frozenset({HoldCause.HONEYPOT, HoldCause.TOO_FAST, HoldCause.PROGRAM})
"""No person does so: nobody is mailed before a moderator accepts it."""


IS_OPEN = "closed_at IS NULL"


class Hold(Base):
    """A signature or a letter that waits for a moderator, or waited.

    Why, and what was decided by whom. The thing itself says too whether it is on hold, for those
    who list and count.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("(signature_id IS NULL) <> (letter_id IS NULL)", name="holds_one_thing"),
        CheckConstraint(
            "(closed_at IS NULL) = (accepted IS NULL) "
            "AND (closed_at IS NULL) = (closed_by IS NULL)",
            name="closed_with_a_verdict",
        ),
        Index(
            "one_open_hold_for_each_signature", "signature_id", unique=True, **rows_where(IS_OPEN)
        ),
        Index("one_open_hold_for_each_letter", "letter_id", unique=True, **rows_where(IS_OPEN)),
    )

    id: Mapped[Id]
    signature_id: Mapped[int | None] = mapped_column(
        big_id, ForeignKey("signature.id", ondelete="CASCADE"), index=True
    )
    letter_id: Mapped[int | None] = mapped_column(
        big_id, ForeignKey("letter.id", ondelete="CASCADE"), index=True
    )
    cause: Mapped[HoldCause] = mapped_column(enum_of(HoldCause, "hold_cause"))
    opened_at: Mapped[UtcDateTime]
    closed_at: Mapped[UtcDateTime | None]
    closed_by: Mapped[int | None] = mapped_column(big_id, ForeignKey("organiser.id"))
    accepted: Mapped[bool | None]
