"""Tables: campaigns, their texts, the gaps they hold, and their partners."""

import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.i18n import Translated
from petition.core.storage.columns import Country, Id, Language, LongText, Slug, big_id
from petition.core.storage.database import Base
from petition.gaps.models import Gap

campaign_gap = Table(
    "campaign_gap",
    Base.metadata,
    Column("campaign_id", ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True),
    Column("gap_id", ForeignKey("gap.id"), primary_key=True),
    Column("position", Integer, nullable=False),
)


class Campaign(Translated, Base):
    """An effort with a beginning and an end, run by an organisation."""

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[Id]
    slug: Mapped[Slug] = mapped_column(unique=True)
    organisation: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(254))
    starts_on: Mapped[datetime.date] = mapped_column(Date)
    ends_on: Mapped[datetime.date] = mapped_column(Date)
    is_sample: Mapped[bool] = mapped_column(default=False)
    """Whether it is there to be looked at, and may be removed with all that people did in it."""
    texts: Mapped[list["CampaignText"]] = relationship(
        back_populates="campaign", cascade="all, delete-orphan", order_by="CampaignText.id"
    )
    gaps: Mapped[list[Gap]] = relationship(
        secondary=campaign_gap, order_by=campaign_gap.c.position, viewonly=True
    )
    partners: Mapped[list["Partner"]] = relationship(
        cascade="all, delete-orphan", order_by="Partner.position"
    )
    days: Mapped[list["MarkedDay"]] = relationship(
        cascade="all, delete-orphan", order_by="MarkedDay.day"
    )


class CampaignText(Base):
    """What a campaign says of itself in one language."""

    __tablename__ = "campaign_text"
    __table_args__ = (
        UniqueConstraint("campaign_id", "language", name="one_campaign_text_for_each_language"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(400))
    body: Mapped[LongText]
    campaign: Mapped[Campaign] = relationship(back_populates="texts")


class MarkedDay(Base):
    """A day that a campaign marks in its calendar."""

    __tablename__ = "campaign_day"

    campaign_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[datetime.date] = mapped_column(Date, primary_key=True)
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    """What the day stands for, by language."""


class Partner(Base):
    """An organisation that carries a campaign together with others."""

    __tablename__ = "partner"
    __table_args__ = (
        UniqueConstraint("campaign_id", "position", name="partners_have_their_places"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(big_id, ForeignKey("campaign.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[dict[str, str]] = mapped_column(JSON)
    """What it does in the campaign, by language."""
    site: Mapped[str | None] = mapped_column(String(500))
    country: Mapped[Country]
