"""Tables: gaps, their texts, what each government is asked, and how each of them stands."""

import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.i18n import Translated
from petition.core.storage.columns import (
    Id,
    Language,
    LongText,
    Slug,
    UtcDateTime,
    big_id,
    enum_of,
)
from petition.core.storage.database import Base
from petition.gaps.kinds import GapKind
from petition.recipients.jurisdictions import Jurisdiction


class GapStatus(StrEnum):
    """How a jurisdiction stands towards a gap."""

    GAP = "gap"
    PARTIAL = "partial"
    ACTED = "acted"
    DOES_NOT_APPLY = "does_not_apply"


class Gap(Translated, Base):
    """Something that sanctions have left undone."""

    __tablename__ = "gap"
    __table_args__ = (CheckConstraint("number > 0", name="numbered_from_one"),)

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    kind: Mapped[GapKind] = mapped_column(enum_of(GapKind, "gap_kind"))
    campaign_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("campaign.id"))
    """Whose it is; others may hold it too."""
    texts: Mapped[list["GapText"]] = relationship(
        back_populates="gap", cascade="all, delete-orphan", order_by="GapText.id"
    )
    asks: Mapped[list["GapAsk"]] = relationship(cascade="all, delete-orphan")
    standings: Mapped[list["Standing"]] = relationship(
        cascade="all, delete-orphan", order_by="(Standing.as_of, Standing.id)"
    )

    @property
    def reference(self) -> str:
        """The number as people cite it: GAP-07."""
        return f"GAP-{self.number:02}"

    def standing_of(self, jurisdiction: Jurisdiction) -> "Standing | None":
        """Return how a jurisdiction stands now; None where nobody has looked."""
        found = [one for one in self.standings if one.jurisdiction == jurisdiction]
        return found[-1] if found else None


class GapText(Base):
    """A gap in one language: its title, the gap in three sentences, and the evidence."""

    __tablename__ = "gap_text"
    __table_args__ = (
        UniqueConstraint("gap_id", "language", name="one_gap_text_for_each_language"),
    )

    id: Mapped[Id]
    gap_id: Mapped[int] = mapped_column(big_id, ForeignKey("gap.id", ondelete="CASCADE"))
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(600))
    body: Mapped[LongText]
    gap: Mapped[Gap] = relationship(back_populates="texts")


class GapAsk(Base):
    """What one government is asked to do about a gap."""

    __tablename__ = "gap_ask"

    gap_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("gap.id", ondelete="CASCADE"), primary_key=True
    )
    jurisdiction: Mapped[Jurisdiction] = mapped_column(
        enum_of(Jurisdiction, "jurisdiction"), primary_key=True
    )
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    """By language."""


class Standing(Base):
    """How one jurisdiction stood towards a gap from one day on, with the source that says so.

    The newest is its status now; all of them, in their order, are the log of changes.
    """

    __tablename__ = "gap_standing"
    __table_args__ = (
        UniqueConstraint("gap_id", "jurisdiction", "as_of", name="one_standing_a_day"),
    )

    id: Mapped[Id]
    gap_id: Mapped[int] = mapped_column(big_id, ForeignKey("gap.id", ondelete="CASCADE"))
    jurisdiction: Mapped[Jurisdiction] = mapped_column(enum_of(Jurisdiction, "jurisdiction"))
    status: Mapped[GapStatus] = mapped_column(enum_of(GapStatus, "gap_status"))
    as_of: Mapped[datetime.date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(300))
    source_url: Mapped[str | None] = mapped_column(String(500))
    because: Mapped[dict[str, str]] = mapped_column(JSON)
    """Why, by language."""
    at_desk: Mapped["DeskStanding | None"] = relationship(lazy="selectin", passive_deletes=True)
    """Who set it, where it came with no folder."""


class DeskStanding(Base):
    """That a standing was set at the desk: a folder need not have it."""

    __tablename__ = "gap_standing_at_desk"

    standing_id: Mapped[int] = mapped_column(
        big_id,
        ForeignKey("gap_standing.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    set_at: Mapped[UtcDateTime]
