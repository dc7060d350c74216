"""Tables: what an office found in a sample of a pack. Each is a record, and none is changed."""

import datetime
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.storage.columns import Id, UtcDateTime, big_id
from petition.core.storage.database import Base
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.sampling import California, Washington


class InvalidationReason(StrEnum):
    """Why an office holds a signature invalid: a closed list, after the Swiss one (VPR, Art. 19).

    That somebody is in the sample more than once is counted apart.
    """

    UNREACHABLE = "unreachable"
    """The mailbox does not answer."""
    AUTOMATED = "automated"
    NOT_A_NAME = "not_a_name"
    OF_ANOTHER = "of_another"
    """Under the name of somebody who did not sign."""
    WITHDRAWN = "withdrawn"
    """By its owner."""


class SampleResult(Base):
    """A sample of a pack that an office has checked."""

    __tablename__ = "delivery_sample"
    __table_args__ = (
        CheckConstraint(
            "size > 0 AND valid + unreachable + automated + not_a_name + of_another + withdrawn "
            "= size",
            name="each_is_valid_or_not",
        ),
        CheckConstraint(
            "valid >= 0 AND unreachable >= 0 AND automated >= 0 AND not_a_name >= 0 "
            "AND of_another >= 0 AND withdrawn >= 0",
            name="counts_from_nothing",
        ),
        CheckConstraint(
            "duplicates >= 0 AND (duplicates = 0 OR duplicates < valid)",
            name="duplicates_are_of_the_valid",
        ),
        CheckConstraint("required > 0", name="some_are_required"),
    )

    id: Mapped[Id]
    pack_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery_pack.id"), index=True)
    day: Mapped[datetime.date] = mapped_column(Date)
    """When the office told what it found, as the organiser says."""
    size: Mapped[int]
    """How many rows were drawn."""
    valid: Mapped[int]
    """Duplicates among them."""
    unreachable: Mapped[int]
    automated: Mapped[int]
    not_a_name: Mapped[int]
    of_another: Mapped[int]
    withdrawn: Mapped[int]
    duplicates: Mapped[int]
    """How many of the valid ones are somebody's second."""
    required: Mapped[int]
    """How many of the whole pack have to be valid."""
    recorded_at: Mapped[UtcDateTime]
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    pack: Mapped[DeliveryPack] = relationship()

    @property
    def invalid(self) -> Mapping[InvalidationReason, int]:
        """How many are invalid, by the reason."""
        return {reason: getattr(self, reason.value) for reason in InvalidationReason}

    @property
    def signatures(self) -> int:
        """How many the whole pack has."""
        return self.pack.row_count or 0

    @property
    def is_of_all(self) -> bool:
        """Whether every signature was checked, so that nothing has to be projected."""
        return self.size == self.signatures

    @property
    def washington(self) -> Washington:
        """The judgement by the rule of Washington."""
        invalid = self.size - self.valid
        return Washington(self.signatures, self.size, invalid, self.duplicates, self.required)

    @property
    def california(self) -> California:
        """The projection by the rule of California."""
        return California(self.signatures, self.size, self.valid, self.duplicates)
