"""Tables: petitions and their versions, each with its texts and its recipients.

A version that someone signed never changes: an edit makes a new one. The database refuses to
alter or delete what is in it (triggers in the migrations).
"""

import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.campaigns.models import Campaign
from petition.core.i18n import Translated, words_for
from petition.core.storage.columns import Id, Language, LongText, Slug, UtcDateTime, big_id, enum_of
from petition.core.storage.database import Base
from petition.gaps.kinds import GapKind
from petition.gaps.models import Gap
from petition.recipients.models import Recipient


class Petition(Base):
    """An ask addressed to recipients."""

    __tablename__ = "petition"

    id: Mapped[Id]
    slug: Mapped[Slug] = mapped_column(unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[GapKind] = mapped_column(enum_of(GapKind, "gap_kind"))
    gap_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("gap.id"))
    routes_by_area: Mapped[bool] = mapped_column(default=False)
    """Whether signers are asked for their postcode, because their own representative gets it."""
    opens_on: Mapped[datetime.date] = mapped_column(Date)
    closes_on: Mapped[datetime.date | None] = mapped_column(Date)
    embed_origins: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Whose pages may show the form to sign in a frame: origins, `https://partner.example.org`."""
    campaign: Mapped[Campaign] = relationship()
    gap: Mapped[Gap | None] = relationship()
    versions: Mapped[list["PetitionVersion"]] = relationship(
        back_populates="petition", order_by="PetitionVersion.number"
    )

    def is_open(self, today: datetime.date) -> bool:
        """Whether people may sign on this day."""
        return self.opens_on <= today and (self.closes_on is None or today <= self.closes_on)

    @property
    def version(self) -> "PetitionVersion":
        """The version that people sign now."""
        return self.versions[-1]


class PetitionVersion(Translated, Base):
    """One wording of a petition in one or more languages, addressed to its recipients."""

    __tablename__ = "petition_version"
    __table_args__ = (
        UniqueConstraint("petition_id", "number", name="versions_are_numbered"),
        UniqueConstraint("id", "petition_id", name="version_belongs_to_petition"),
    )

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id", ondelete="CASCADE"))
    number: Mapped[int]
    published_at: Mapped[UtcDateTime]
    petition: Mapped[Petition] = relationship(back_populates="versions")
    texts: Mapped[list["PetitionText"]] = relationship(
        back_populates="version", order_by="PetitionText.id"
    )
    recipients: Mapped[list["VersionRecipient"]] = relationship(
        order_by="VersionRecipient.position"
    )
    """Whom it is addressed to, as much a part of what is signed as the words."""


class VersionRecipient(Base):
    """An office that a version is addressed to, called as it was when the version was published.

    Only its present holder is looked up: an office outlives its holder.
    """

    __tablename__ = "petition_version_recipient"

    version_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("petition_version.id", ondelete="CASCADE"), primary_key=True
    )
    recipient_id: Mapped[int] = mapped_column(big_id, ForeignKey("recipient.id"), primary_key=True)
    position: Mapped[int]
    office: Mapped[dict[str, str]] = mapped_column(JSON)
    jurisdiction: Mapped[str] = mapped_column(String(2))
    recipient: Mapped[Recipient] = relationship()

    def office_in(self, language: str) -> str:
        """Return the office's title for somebody who reads `language`.

        A translation that was added later is shown too; a title that was there stays.
        """
        return words_for(language, self.recipient.office | self.office)

    def names(self, recipient: Recipient) -> bool:
        """Whether this still names that office as it is called today."""
        return (
            self.recipient_id == recipient.id
            and self.jurisdiction == recipient.jurisdiction
            and self.office.items() <= recipient.office.items()
        )


class PetitionText(Base):
    """The words of one version in one language, the question about further mail included."""

    __tablename__ = "petition_text"
    __table_args__ = (
        UniqueConstraint("version_id", "language", name="one_text_for_each_language"),
        UniqueConstraint("id", "petition_id", name="text_belongs_to_petition"),
        ForeignKeyConstraint(
            ["version_id", "petition_id"],
            ["petition_version.id", "petition_version.petition_id"],
            name="text_of_a_version_of_the_same_petition",
            ondelete="CASCADE",
        ),
    )

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id)
    version_id: Mapped[int] = mapped_column(big_id)
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(400))
    body: Mapped[LongText]
    mail_question: Mapped[str] = mapped_column(String(400))
    """The consent question exactly as shown: "May … e-mail you about …?"."""
    version: Mapped[PetitionVersion] = relationship(back_populates="texts")
