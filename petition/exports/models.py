"""Table: every export that was made, by whom and why."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.storage.columns import Box, Id, KeyId, UtcDateTime, big_id, enum_of
from petition.core.storage.database import Base


class ExportScope(StrEnum):
    """Which signatures an export holds."""

    CONFIRMED = "confirmed"
    """Those that count."""
    EVERYTHING = "everything"
    """All of them with their states, but for those that their owners have withdrawn."""


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
    job_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("job.id"), unique=True)
    """What makes the file; absent in a record of before files were kept."""
    why_box: Mapped[Box | None]
    """What the organiser needs it for, sealed: free words may name a person."""
    why_key: Mapped[KeyId | None]
    scope: Mapped[ExportScope] = mapped_column(enum_of(ExportScope, "export_scope"))
    begun_at: Mapped[UtcDateTime]
    finished_at: Mapped[UtcDateTime | None]
    row_count: Mapped[int | None]
    unreadable_count: Mapped[int | None]
    """How many of the rows have empty cells, because what is sealed of them did not open."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the whole file, in hexadecimal. Absent when the download broke off."""

    @property
    def why(self) -> str:
        """What the organiser needs it for, in the clear; empty where it does not open."""
        if self.why_box is None or self.why_key is None:
            return ""
        try:
            return unseal(Sealed(self.why_key, self.why_box), _context(self)).decode()
        except SealBroken:
            return ""


def export_context(organiser_id: int, begun_at: datetime) -> str:
    """Return the context to which the words about an export are bound."""
    return f"export:{organiser_id}:{begun_at.isoformat()}"


def _context(export: Export) -> str:
    return export_context(export.organiser_id, export.begun_at)


SEALED_COLUMNS = ((Export, "why_box", "why_key", _context),)
