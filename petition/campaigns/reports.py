"""Tables: the reports of a campaign. Nothing of a report is shown before its embargo ends."""

import datetime

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship, selectinload

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
from petition.core.storage.database import Base, session
from petition.gaps.models import Gap
from petition.recipients.jurisdictions import Jurisdiction

report_gap = Table(
    "report_gap",
    Base.metadata,
    Column("report_id", ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Column("gap_id", ForeignKey("gap.id"), primary_key=True),
    Column("position", Integer, nullable=False),
)


class Report(Translated, Base):
    """A publication of the campaign."""

    __tablename__ = "report"

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(big_id, ForeignKey("campaign.id", ondelete="CASCADE"))
    slug: Mapped[Slug] = mapped_column(unique=True)
    published_at: Mapped[UtcDateTime]
    """The end of the embargo, to the minute."""
    authors: Mapped[list[str]] = mapped_column(JSON)
    gaps: Mapped[list[Gap]] = relationship(
        secondary=report_gap, order_by=report_gap.c.position, viewonly=True
    )
    texts: Mapped[list["ReportText"]] = relationship(
        back_populates="report", cascade="all, delete-orphan", order_by="ReportText.id"
    )
    files: Mapped[list["ReportFile"]] = relationship(
        cascade="all, delete-orphan", order_by="ReportFile.id"
    )
    briefs: Mapped[list["ReportBrief"]] = relationship(
        cascade="all, delete-orphan", order_by="ReportBrief.id"
    )


class ReportText(Base):
    """The summary of a report in one language."""

    __tablename__ = "report_text"
    __table_args__ = (
        UniqueConstraint("report_id", "language", name="one_report_text_for_each_language"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(big_id, ForeignKey("report.id", ondelete="CASCADE"))
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(600))
    body: Mapped[LongText]
    report: Mapped[Report] = relationship(back_populates="texts")


class ReportFile(Base):
    """The whole report as a file, in one language."""

    __tablename__ = "report_file"
    __table_args__ = (UniqueConstraint("report_id", "name", name="files_of_a_report_have_names"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(big_id, ForeignKey("report.id", ondelete="CASCADE"))
    language: Mapped[Language]
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """In octets."""
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class ReportBrief(Base):
    """What a report says to one jurisdiction, on one page, in one language."""

    __tablename__ = "report_brief"
    __table_args__ = (
        UniqueConstraint("report_id", "jurisdiction", "language", name="one_brief_for_each"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(big_id, ForeignKey("report.id", ondelete="CASCADE"))
    jurisdiction: Mapped[Jurisdiction] = mapped_column(enum_of(Jurisdiction, "jurisdiction"))
    language: Mapped[Language]
    body: Mapped[LongText]


_whole = (
    selectinload(Report.texts),
    selectinload(Report.files),
    selectinload(Report.briefs),
    selectinload(Report.gaps).selectinload(Gap.texts),
)


def reports_out(campaign_id: int, at: datetime.datetime) -> list[Report]:
    """Return the reports of a campaign whose embargo is over, the newest first."""
    statement = (
        select(Report)
        .where(Report.campaign_id == campaign_id, Report.published_at <= at)
        .options(*_whole)
    )
    return list(session.scalars(statement.order_by(Report.published_at.desc(), Report.id)))


def report_out(slug: str, at: datetime.datetime) -> Report | None:
    """Return a report; None where there is none, or its embargo is not over."""
    statement = select(Report).where(Report.slug == slug, Report.published_at <= at)
    return session.scalar(statement.options(*_whole))


def reports_about(gap_id: int, at: datetime.datetime) -> list[Report]:
    """Return the reports about a gap whose embargo is over, the newest first."""
    statement = (
        select(Report)
        .join(report_gap, report_gap.c.report_id == Report.id)
        .where(report_gap.c.gap_id == gap_id, Report.published_at <= at)
        .options(*_whole)
    )
    return list(session.scalars(statement.order_by(Report.published_at.desc(), Report.id)))
