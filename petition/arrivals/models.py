"""Tables: arrivals, and what networks and domains have had of their hour."""

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import Box, Digest, Id, KeyId, UtcDateTime, big_id
from petition.core.storage.database import Base


class Arrival(Base):
    """What a stranger's form brought in, sealed, before the worker has looked at it."""

    __tablename__ = "arrival"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        Index("ix_arrival_about", "about"),
        {"sqlite_autoincrement": True},  # a number that was put off must never be another's
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    """Which part takes it in."""
    content: Mapped[Box]
    content_key: Mapped[KeyId]
    about: Mapped[Digest | None]
    """What it can be found by again: its mailbox's tag, or the digest of the link to its draft."""
    aim: Mapped[int | None] = mapped_column(big_id)
    """To which recipient it goes, where one draft may go to several."""
    arrived_at: Mapped[UtcDateTime]
    """The hour; the moment stands inside."""
    due_at: Mapped[UtcDateTime | None]
    """When it is tried again, where it could not be taken in."""
    attempts: Mapped[int]


class Budget(Base):
    """How far ahead of its hour a network or a domain is; without a row it is not ahead at all."""

    __tablename__ = "budget"

    tag: Mapped[Digest] = mapped_column(primary_key=True)
    """Made of a kind, a UTC day and a value: another each day, and joined with nothing."""
    used_until: Mapped[int] = mapped_column(BigInteger)
    """Milliseconds since 1970: when what was taken so far would be due again."""


def arrival_context(kind: str) -> str:
    """Return the context to which what arrived is bound."""
    return f"arrival:{kind}"


def _context(arrival: Arrival) -> str:
    return arrival_context(arrival.kind)


SEALED_COLUMNS = ((Arrival, "content", "content_key", _context),)
