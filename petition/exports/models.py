"""Table: every export that was made, by whom and why."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.columns import Id, UtcDateTime, big_id, enum_of
from petition.core.database import Base


class ExportScope(StrEnum):
    """Which signatures an export holds."""

    CONFIRMED = "confirmed"
    """Those that count."""
    EVERYTHING = "everything"
    """All of them, with their states."""


class Export(Base):
    """One download of the signatures of one petition."""

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(
            "(finished_at IS NULL) = (sha256 IS NULL) "
            "AND (finished_at IS NULL) = (row_count IS NULL)",
            name="finished_with_its_sum",
        ),
        Index("ix_export_petition", "petition_id", "begun_at"),
    )

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"))
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    why: Mapped[str] = mapped_column(String(400))
    scope: Mapped[ExportScope] = mapped_column(enum_of(ExportScope, "export_scope"))
    begun_at: Mapped[UtcDateTime]
    finished_at: Mapped[UtcDateTime | None]
    row_count: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the whole file, in hexadecimal. Absent when the download broke off."""
