"""Tables: mail waiting to leave, and the workers that send it."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import Box, Id, KeyId, UtcDateTime, big_id, enum_of, rows_where
from petition.core.storage.database import Base


class MailState(StrEnum):
    """Where a mail is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


WAITING = "state IN ('queued', 'sending')"


class OutboxMail(Base):
    """One mail. Its content is sealed, and gone once the mail is sent or has failed for good."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint(
            "content IS NOT NULL OR state IN ('sent', 'failed')", name="content_until_sent"
        ),
        CheckConstraint("(state = 'sending') = (claimed_by IS NOT NULL)", name="claimed_to_send"),
        Index("ix_outbox_mail_waiting", "due_at", **rows_where(WAITING)),
        Index(
            "ix_outbox_mail_waiting_by_ceiling",
            "unconfirmed",
            "due_at",
            **rows_where(WAITING),
        ),
        Index(
            "ix_outbox_mail_news_waiting",
            "due_at",
            **rows_where(f"{WAITING} AND news_of IS NOT NULL"),
        ),
        Index(
            "ix_outbox_mail_news_once",
            "news_of",
            "origin",
            unique=True,
            **rows_where("news_of IS NOT NULL"),
        ),
        Index("ix_outbox_mail_origin", "origin"),
        Index(
            "ix_outbox_mail_finished",
            "finished_at",
            **rows_where("finished_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    origin: Mapped[str | None] = mapped_column(String(60))
    """What caused the mail, such as "signature:12", so that an erasure can find it."""
    state: Mapped[MailState] = mapped_column(enum_of(MailState, "mail_state"))
    message_id: Mapped[str] = mapped_column(String(120))
    """Random; empty once the mail is sent or has failed for good."""
    content: Mapped[Box | None]
    content_key: Mapped[KeyId | None]
    created_at: Mapped[UtcDateTime]
    due_at: Mapped[UtcDateTime]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often the mail server has put it off."""
    claims: Mapped[int] = mapped_column(default=0)
    """How often a worker took it; at the first time it is held against the day's allowance."""
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    unconfirmed: Mapped[bool] = mapped_column(default=False)
    """Goes to an address whose owner has confirmed nothing: such mail has a ceiling an hour."""
    news_of: Mapped[int | None] = mapped_column(big_id)
    """The number of the news that it tells, once to each; such mail goes behind all other."""
    leaving: Mapped[bool] = mapped_column(default=False)
    """Of news: a worker is handing it over at this moment, or died over it."""
    last_answer: Mapped[str | None] = mapped_column(String(40))
    """The mail server's last reply code or the kind of fault; never its words."""
    finished_at: Mapped[UtcDateTime | None]


UNFINISHED: ColumnElement[bool] = literal_column(f"(outbox_mail.{WAITING})")
"""In the words of the partial indexes, or SQLite would read every mail that was ever sent."""


class UnconfirmedMail(Base):
    """How much mail left in one UTC hour for addresses whose owners had confirmed nothing."""

    __tablename__ = "unconfirmed_mail"
    __table_args__ = (CheckConstraint("used >= 0", name="counts_up"),)

    hour: Mapped[UtcDateTime] = mapped_column(primary_key=True)
    used: Mapped[int]
    ceiling: Mapped[int]
    """What was allowed when it was counted last."""


class Worker(Base):
    """A running worker, known to be alive by its last beat."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[UtcDateTime]
    beat_at: Mapped[UtcDateTime]


def _context(mail: OutboxMail) -> str:
    return mail_context(mail.message_id)


def mail_context(message_id: str) -> str:
    """Return the context to which a mail's content is bound."""
    return f"mail:{message_id}"


SEALED_COLUMNS = ((OutboxMail, "content", "content_key", _context),)
