"""Tables: letter campaigns and their versions, each with its texts and its recipients.

A text that somebody has written from never changes, nor do the recipients of its version: an edit
makes a new version. The database refuses anything else (triggers in the migrations).
"""

import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.campaigns.models import Campaign
from petition.core.i18n import Translated
from petition.core.storage.columns import Id, Language, LongText, Slug, UtcDateTime, big_id
from petition.core.storage.database import Base
from petition.gaps.models import Gap
from petition.recipients.models import Recipient

REASONS_OFFERED = 7
ANY_JURISDICTION = "any"


class LetterCampaign(Base):
    """A prefilled letter about a gap that people may make their own."""

    __tablename__ = "letter_campaign"

    id: Mapped[Id]
    slug: Mapped[Slug] = mapped_column(unique=True)
    campaign_id: Mapped[int] = mapped_column(big_id, ForeignKey("campaign.id"))
    gap_id: Mapped[int] = mapped_column(big_id, ForeignKey("gap.id"))
    opens_on: Mapped[datetime.date] = mapped_column(Date)
    closes_on: Mapped[datetime.date | None] = mapped_column(Date)
    campaign: Mapped[Campaign] = relationship()
    gap: Mapped[Gap] = relationship()
    halt: Mapped["LetterHalt | None"] = relationship(
        primaryjoin="and_(LetterHalt.letter_campaign_id == LetterCampaign.id,"
        " LetterHalt.resumed_at.is_(None))",
        viewonly=True,
    )
    """Why nothing leaves now; none where letters may leave."""
    versions: Mapped[list["LetterVersion"]] = relationship(
        back_populates="letter_campaign", order_by="LetterVersion.number"
    )

    def is_open(self, today: datetime.date) -> bool:
        """Whether people may write on this day."""
        return self.opens_on <= today and (self.closes_on is None or today <= self.closes_on)

    @property
    def version(self) -> "LetterVersion":
        """The version that people write from now."""
        return self.versions[-1]


class LetterHalt(Base):
    """A time in which nothing of a letter campaign leaves: the kill switch, and who pressed it."""

    __tablename__ = "letter_halt"
    __table_args__ = (
        CheckConstraint("(resumed_at IS NULL) = (resumed_by IS NULL)", name="resumed_by_somebody"),
        Index(
            "one_open_halt_for_each_letter_campaign",
            "letter_campaign_id",
            unique=True,
            postgresql_where=text("resumed_at IS NULL"),
            sqlite_where=text("resumed_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    letter_campaign_id: Mapped[int] = mapped_column(big_id, ForeignKey("letter_campaign.id"))
    stopped_at: Mapped[UtcDateTime]
    stopped_by: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    resumed_at: Mapped[UtcDateTime | None]
    resumed_by: Mapped[int | None] = mapped_column(big_id, ForeignKey("organiser.id"))

    def resume(self, organiser_id: int, at: datetime.datetime) -> None:
        """Let letters leave again."""
        self.resumed_at, self.resumed_by = at, organiser_id


class LetterVersion(Translated, Base):
    """One wording of a letter in one or more languages, and whom it can go to."""

    __tablename__ = "letter_version"
    __table_args__ = (
        UniqueConstraint("letter_campaign_id", "number", name="letter_versions_are_numbered"),
        UniqueConstraint("id", "letter_campaign_id", name="version_belongs_to_letter_campaign"),
    )

    id: Mapped[Id]
    letter_campaign_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("letter_campaign.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    published_at: Mapped[UtcDateTime]
    letter_campaign: Mapped[LetterCampaign] = relationship(back_populates="versions")
    texts: Mapped[list["LetterText"]] = relationship(
        back_populates="version", order_by="LetterText.id"
    )
    recipients: Mapped[list["LetterRecipient"]] = relationship(order_by="LetterRecipient.position")


class LetterRecipient(Base):
    """An office that letters of a version can go to, besides the representatives of areas."""

    __tablename__ = "letter_version_recipient"

    version_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("letter_version.id", ondelete="CASCADE"), primary_key=True
    )
    recipient_id: Mapped[int] = mapped_column(big_id, ForeignKey("recipient.id"), primary_key=True)
    position: Mapped[int]
    recipient: Mapped[Recipient] = relationship()


class LetterText(Base):
    """The words of one version in one language: what is there before anybody has written."""

    __tablename__ = "letter_text"
    __table_args__ = (
        UniqueConstraint("version_id", "language", name="one_letter_text_for_each_language"),
        UniqueConstraint("id", "letter_campaign_id", name="text_belongs_to_letter_campaign"),
        ForeignKeyConstraint(
            ["version_id", "letter_campaign_id"],
            ["letter_version.id", "letter_version.letter_campaign_id"],
            name="text_of_a_version_of_the_same_letter_campaign",
            ondelete="CASCADE",
        ),
    )

    id: Mapped[Id]
    letter_campaign_id: Mapped[int] = mapped_column(big_id)
    version_id: Mapped[int] = mapped_column(big_id)
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(String(200))
    """What the letter campaign is called; no part of the letter."""
    summary: Mapped[str] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(String(150))
    opening: Mapped[LongText]
    facts: Mapped[LongText]
    """The core that an official can check, with its sources."""
    asks: Mapped[dict[str, str]] = mapped_column(JSON)
    """What is asked, by jurisdiction; "any" where no other is."""
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """Up to seven, each with a "label" and a "prompt" for a sentence of one's own."""
    version: Mapped[LetterVersion] = relationship(back_populates="texts")

    def ask_of(self, jurisdiction: str) -> str:
        """Return what this jurisdiction is asked."""
        return self.asks.get(jurisdiction) or self.asks[ANY_JURISDICTION]
