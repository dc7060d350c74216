"""Tables: campaigns and their texts."""

import datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.columns import Id, Language, LongText, Slug
from petition.core.database import Base


class Campaign(Base):
    """An effort with a beginning and an end, run by an organisation."""

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[Id]
    slug: Mapped[Slug] = mapped_column(unique=True)
    organisation: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(254))
    starts_on: Mapped[datetime.date] = mapped_column(Date)
    ends_on: Mapped[datetime.date] = mapped_column(Date)
    texts: Mapped[list["CampaignText"]] = relationship(
        back_populates="campaign", cascade="all, delete-orphan", order_by="CampaignText.id"
    )

    def text_in(self, language: str) -> "CampaignText":
        """Return the text in `language`, else in English, else the first one."""
        by_language = {text.language: text for text in self.texts}
        return by_language.get(language) or by_language.get("en") or self.texts[0]


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
