"""Tables: letter campaigns and their versions, each with its texts and its recipients."""

import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.campaigns.models import Campaign
from petition.core.storage.columns import Id, LongText, UtcDateTime, big_id
from petition.core.storage.database import Base
from petition.gaps.models import Gap
from petition.versions.models import Version, Versioned, VersionRecipient, VersionText

REASONS_OFFERED = 7
ANY_JURISDICTION = "any"


class LetterCampaign(Versioned["LetterVersion"]):
    """A prefilled letter about a gap that people may make their own."""

    __tablename__ = "letter_campaign"

    campaign_id: Mapped[int] = mapped_column(big_id, ForeignKey("campaign.id"))
    gap_id: Mapped[int] = mapped_column(big_id, ForeignKey("gap.id"))
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


class LetterVersion(Version["LetterText", "LetterRecipient"]):
    """One wording of a letter, which people write from, and whom it can go to."""

    __tablename__ = "letter_version"
    __table_args__ = Version.rules("letter_campaign", numbered="letter_versions_are_numbered")

    letter_campaign_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("letter_campaign.id", ondelete="CASCADE")
    )
    letter_campaign: Mapped[LetterCampaign] = relationship(back_populates="versions")
    texts: Mapped[list["LetterText"]] = relationship(
        back_populates="version", order_by="LetterText.id"
    )
    recipients: Mapped[list["LetterRecipient"]] = relationship(order_by="LetterRecipient.position")


class LetterRecipient(VersionRecipient):
    """An office that letters of a version can go to, besides the representatives of areas."""

    __tablename__ = "letter_version_recipient"

    version_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("letter_version.id", ondelete="CASCADE"), primary_key=True
    )


class LetterText(VersionText):
    """The words of one version in one language: what is there before anybody has written.

    Its title is what the letter campaign is called, and no part of the letter.
    """

    __tablename__ = "letter_text"
    __table_args__ = VersionText.rules(
        "letter_campaign", of="letter_version", one_each="one_letter_text_for_each_language"
    )

    letter_campaign_id: Mapped[int] = mapped_column(big_id)
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
