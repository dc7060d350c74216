"""Tables: petitions and their versions, each with its texts and its recipients."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.campaigns.models import Campaign
from petition.core.storage.columns import LongText, big_id, enum_of
from petition.gaps.kinds import GapKind
from petition.gaps.models import Gap
from petition.versions.models import Version, Versioned, VersionRecipient, VersionText


class Petition(Versioned["PetitionVersion"]):
    """An ask addressed to recipients."""

    __tablename__ = "petition"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[GapKind] = mapped_column(enum_of(GapKind, "gap_kind"))
    gap_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("gap.id"))
    routes_by_area: Mapped[bool] = mapped_column(default=False)
    """Whether signers are asked for their postcode, because their own representative gets it."""
    embed_origins: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Whose pages may show the form to sign in a frame: origins, `https://partner.example.org`."""
    campaign: Mapped[Campaign] = relationship()
    gap: Mapped[Gap | None] = relationship()
    versions: Mapped[list["PetitionVersion"]] = relationship(
        back_populates="petition", order_by="PetitionVersion.number"
    )


class PetitionVersion(Version["PetitionText", "PetitionRecipient"]):
    """One wording of a petition, which people sign; its recipients are as much a part of it."""

    __tablename__ = "petition_version"
    __table_args__ = Version.rules("petition", numbered="versions_are_numbered")

    petition_id: Mapped[int] = mapped_column(ForeignKey("petition.id", ondelete="CASCADE"))
    petition: Mapped[Petition] = relationship(back_populates="versions")
    texts: Mapped[list["PetitionText"]] = relationship(
        back_populates="version", order_by="PetitionText.id"
    )
    recipients: Mapped[list["PetitionRecipient"]] = relationship(
        order_by="PetitionRecipient.position"
    )


class PetitionRecipient(VersionRecipient):
    """An office that a version of a petition is addressed to."""

    __tablename__ = "petition_version_recipient"

    version_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("petition_version.id", ondelete="CASCADE"), primary_key=True
    )


class PetitionText(VersionText):
    """The words of one version in one language, the question about further mail included."""

    __tablename__ = "petition_text"
    __table_args__ = VersionText.rules(
        "petition", of="petition_version", one_each="one_text_for_each_language"
    )

    petition_id: Mapped[int] = mapped_column(big_id)
    body: Mapped[LongText]
    mail_question: Mapped[str] = mapped_column(String(400))
    """The consent question exactly as shown: "May … e-mail you about …?"."""
    version: Mapped[PetitionVersion] = relationship(back_populates="texts")
