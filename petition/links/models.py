"""The table of mailed links, whatever they open."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import (
    Box,
    Digest,
    KeyId,
    UtcDateTime,
    big_id,
    enum_of,
    rows_where,
)
from petition.core.storage.database import Base

CONFIRMATION_MAILS = 2
"""How many mails ask a mailbox to confirm the same."""


class LinkPurpose(StrEnum):
    """The one thing that a link from a mail opens."""

    CONFIRM = "confirm"
    MANAGE = "manage"


class MailedLink(Base):
    """A link from a mail or a receipt: one thing, one purpose, 72 hours.

    A column for each kind of thing, and not its kind and number: so the database itself drops the
    links of what is erased.
    """

    __tablename__ = "mailed_link"
    __table_args__ = (
        CheckConstraint("(signature_id IS NULL) <> (letter_id IS NULL)", name="opens_one_thing"),
        UniqueConstraint("signature_id", "number", name="mails_to_confirm_are_numbered"),
        CheckConstraint(
            f"number BETWEEN 1 AND {CONFIRMATION_MAILS}", name="two_confirmation_mails"
        ),
        CheckConstraint(
            "(purpose = 'confirm' AND signature_id IS NOT NULL) = (number IS NOT NULL)",
            name="numbered_to_confirm",
        ),
        CheckConstraint("(given IS NULL) = (given_key IS NULL)", name="given_has_its_key"),
        Index("ix_mailed_link_given", "expires_at", **rows_where("given IS NOT NULL")),
    )

    token_hash: Mapped[Digest] = mapped_column(primary_key=True)
    signature_id: Mapped[int | None] = mapped_column(
        big_id, ForeignKey("signature.id", ondelete="CASCADE")
    )
    """Found through the index of `mails_to_confirm_are_numbered`, which begins with it."""
    letter_id: Mapped[int | None] = mapped_column(
        big_id, ForeignKey("letter.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[LinkPurpose] = mapped_column(enum_of(LinkPurpose, "link_purpose"))
    number: Mapped[int | None] = mapped_column(SmallInteger)
    """Which of a signature's mails to confirm it carries. Each of a letter's is of its own row."""
    expires_at: Mapped[UtcDateTime] = mapped_column(index=True)
    used_at: Mapped[UtcDateTime | None]
    pressed: Mapped[Digest | None]
    """Left by the button of this very link, for as long as it leads on whoever presses again."""
    given: Mapped[Box | None]
    """What the link confirms, sealed, where it differs from what its thing says so far."""
    given_key: Mapped[KeyId | None]


def given_context(token_hash: bytes) -> str:
    """Return the context to which what a link confirms is bound."""
    return f"given:{token_hash.hex()}"


def _context_of_given(link: MailedLink) -> str:
    return given_context(link.token_hash)


SEALED_COLUMNS = ((MailedLink, "given", "given_key", _context_of_given),)
