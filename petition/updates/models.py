"""Table: news of a delivery, each told once to those who said yes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.i18n import language_for
from petition.core.storage.columns import Id, UtcDateTime, big_id, enum_of, rows_where
from petition.core.storage.database import Base
from petition.jobs.models import UNFINISHED, Job, JobState
from petition.updates.emails import News

STANDS = "(stopped_at IS NULL OR mail_count > 0)"
"""Whether anybody may have got it, or may still: of what came to nothing one is told anew."""
IS_NEWS = f"corrects IS NULL AND {STANDS}"
IS_CORRECTION = f"corrects IS NOT NULL AND {STANDS}"


class UpdateKind(StrEnum):
    """What the news are of."""

    HANDED_OVER = "handed_over"
    ANSWERED = "answered"


class Update(Base):
    """News of one step of a delivery, in the words that an organiser has seen.

    A delivery is told of once when it is handed over and once when it is answered. Where that was
    wrong, it is put right once, for those to whom it was told. What was stopped before any mail
    left counts for nothing.
    """

    __tablename__ = "delivery_update"
    __table_args__ = (
        Index("told_once", "delivery_id", "kind", unique=True, **rows_where(IS_NEWS)),
        Index("corrected_once", "corrects", unique=True, **rows_where(IS_CORRECTION)),
        CheckConstraint("mail_count >= 0 AND mailed_until >= 0", name="counts_up"),
        Index("ix_delivery_update_job", "job_id", unique=True),
    )

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"))
    """Whose signers get them."""
    delivery_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery.id"))
    step: Mapped[int] = mapped_column(SmallInteger)
    """The number of the step of the delivery."""
    kind: Mapped[UpdateKind] = mapped_column(enum_of(UpdateKind, "update_kind"))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By language what the mails say."""
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    asked_at: Mapped[UtcDateTime]
    job_id: Mapped[int] = mapped_column(big_id, ForeignKey("job.id"))
    """What writes the mails, or did so last."""
    signer_count: Mapped[int]
    """How many were to get them when they were asked for."""
    last_signature: Mapped[int] = mapped_column(BigInteger)
    """The number of the last signature then: whoever signs later knows."""
    mailed_until: Mapped[int] = mapped_column(BigInteger, default=0)
    """Up to which signature the mails are written: it moves with them, and never back."""
    mail_count: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[UtcDateTime | None]
    """When the last of them was written."""
    stopped_at: Mapped[UtcDateTime | None]
    """When somebody let no more of them leave; for good."""
    corrects: Mapped[int | None] = mapped_column(big_id, ForeignKey("delivery_update.id"))
    """The number of the news that these put right."""
    job: Mapped[Job] = relationship(lazy="selectin")

    def news_in(self, language: str) -> tuple[str, News]:
        """Return what a mail says to somebody who reads `language`, and in which it is written."""
        written = language_for(language, self.said)
        assert written is not None
        return written, News(**self.said[written])

    @property
    def is_correction(self) -> bool:
        """Whether it puts right what was told before."""
        return self.corrects is not None

    @property
    def came_to_nothing(self) -> bool:
        """Whether it was stopped before any mail left."""
        return self.stopped_at is not None and self.mail_count == 0

    @property
    def broke_off(self) -> bool:
        """Whether it can be gone on with: its job was given up."""
        return self.job.state is JobState.FAILED and self.stopped_at is None

    @property
    def is_at_work(self) -> bool:
        """Whether mails are still being written."""
        return self.job.state in UNFINISHED


def as_said(news: Mapping[str, News]) -> dict[str, Any]:
    """Return news by language in the form in which they are kept."""
    return {language: one.as_fields() for language, one in news.items()}
