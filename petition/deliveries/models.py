"""Tables: deliveries, and the steps of each, from the plan to the answer.

No step is ever changed or deleted: a mistake is taken back by a step of its own, after which the
words of both may be removed, and nothing else of them. The database lets steps follow one another
only along their ways (`steps.py`): triggers in the migrations.
"""

import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.i18n import words_for
from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.storage.columns import (
    Box,
    Id,
    KeyId,
    Language,
    UtcDateTime,
    big_id,
    enum_of,
)
from petition.core.storage.database import Base
from petition.petitions.models import Petition

LONGEST_WAIT_DAYS = 365
FIRST_DAY = datetime.date(2000, 1, 1)
"""Nothing is recorded of a day before it: such a year is mistyped."""


class StepKind(StrEnum):
    """What was done."""

    PLANNED = "planned"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    CLOSED = "closed"
    RETRACTED = "retracted"
    """The last step that stood was a mistake, and stands no longer."""


class Delivery(Base):
    """Signatures of one petition for one office, called as it was when that was planned."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            f"answer_days BETWEEN 1 AND {LONGEST_WAIT_DAYS}", name="answer_is_awaited_for_some_days"
        ),
    )

    id: Mapped[Id]
    petition_id: Mapped[int] = mapped_column(big_id, ForeignKey("petition.id"), index=True)
    recipient_id: Mapped[int] = mapped_column(big_id, ForeignKey("recipient.id"))
    office: Mapped[dict[str, str]] = mapped_column(JSON)
    jurisdiction: Mapped[str] = mapped_column(String(2))
    counted_until: Mapped[datetime.date] = mapped_column(Date)
    """The last UTC day whose confirmations it holds."""
    answer_days: Mapped[int] = mapped_column(SmallInteger)
    """Within how many days of the hand-over we ask for an answer. Ours: no office has promised."""
    petition: Mapped[Petition] = relationship()
    steps: Mapped[list["DeliveryStep"]] = relationship(order_by="DeliveryStep.number")

    def office_in(self, language: str) -> str:
        """Return the office's title for somebody who reads `language`."""
        return words_for(language, self.office)

    @property
    def standing(self) -> list["DeliveryStep"]:
        """The steps that were not taken back, in their order."""
        gone = self.retractions.keys()
        both = (step for step in self.steps if step.kind is not StepKind.RETRACTED)
        return [step for step in both if step.number not in gone]

    @property
    def retractions(self) -> dict[int, "DeliveryStep"]:
        """What takes a step back, by the number of that step."""
        return {step.retracts: step for step in self.steps if step.retracts is not None}

    @property
    def handed_over(self) -> "DeliveryStep | None":
        """The hand-over, where it has happened."""
        return next((one for one in self.standing if one.kind is StepKind.HANDED_OVER), None)

    @property
    def was_shown(self) -> bool:
        """Whether a hand-over was ever recorded, be it by mistake: so long its page stays."""
        return any(step.kind is StepKind.HANDED_OVER for step in self.steps)


class DeliveryStep(Base):
    """One step of a delivery, as an organiser recorded it. It never changes, but may be emptied."""

    __tablename__ = "delivery_step"
    __table_args__ = (
        UniqueConstraint("delivery_id", "number", name="steps_are_numbered"),
        CheckConstraint(
            "kind <> 'handed_over' OR (signature_count > 0 AND (emptied_at IS NOT NULL OR "
            "(place IS NOT NULL AND to_whom IS NOT NULL AND by_whom IS NOT NULL)))",
            name="hand_over_says_what_and_where",
        ),
        CheckConstraint(
            "kind = 'handed_over' OR (signature_count IS NULL AND place IS NULL "
            "AND to_whom IS NULL AND by_whom IS NULL)",
            name="only_a_hand_over_says_where",
        ),
        CheckConstraint(
            "kind NOT IN ('answered', 'retracted') OR words IS NOT NULL OR emptied_at IS NOT NULL",
            name="said_in_words",
        ),
        CheckConstraint(
            "emptied_at IS NULL OR COALESCE(place, to_whom, by_whom, words, source_url) IS NULL "
            "AND note_box IS NULL",
            name="emptied_says_nothing",
        ),
        CheckConstraint(
            "(kind IN ('planned', 'packed')) = (language IS NULL)", name="public_in_a_language"
        ),
        CheckConstraint("words IS NULL OR language IS NOT NULL", name="words_are_public"),
        CheckConstraint(
            "source_url IS NULL OR kind = 'answered'", name="only_answers_have_sources"
        ),
        CheckConstraint(
            "(kind = 'retracted') = (retracts IS NOT NULL)", name="retraction_names_its_step"
        ),
        CheckConstraint("(note_box IS NULL) = (note_key IS NULL)", name="note_has_its_key"),
        CheckConstraint(f"kind = 'planned' OR day >= '{FIRST_DAY}'", name="day_is_of_our_time"),
    )

    id: Mapped[Id]
    delivery_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    """Counts on from 1 in each delivery."""
    kind: Mapped[StepKind] = mapped_column(enum_of(StepKind, "delivery_step_kind"))
    day: Mapped[datetime.date] = mapped_column(Date)
    """When it happened, as the organiser says; of a plan, when it is to be handed over."""
    recorded_at: Mapped[UtcDateTime]
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    signature_count: Mapped[int | None]
    """How many were handed over."""
    place: Mapped[str | None] = mapped_column(String(200))
    to_whom: Mapped[str | None] = mapped_column(String(200))
    by_whom: Mapped[str | None] = mapped_column(String(200))
    words: Mapped[str | None] = mapped_column(Text)
    """What the public reads: what happened, the answer, or why a step is taken back."""
    language: Mapped[Language | None]
    """In which the organiser wrote for the public."""
    source_url: Mapped[str | None] = mapped_column(String(500))
    """Where an answer can be read."""
    retracts: Mapped[int | None] = mapped_column(SmallInteger)
    """The number of the step that is taken back."""
    note_box: Mapped[Box | None]
    """For organisers alone, sealed: free words may name a person."""
    note_key: Mapped[KeyId | None]
    emptied_at: Mapped[UtcDateTime | None]
    """When all words of it were removed for good: it was taken back, or takes another back."""
    handed: Mapped["HandedPack | None"] = relationship(lazy="selectin")

    def empty(self, at: datetime.datetime) -> None:
        """Remove all that was written of it, where the database lets it go."""
        self.place = self.to_whom = self.by_whom = self.words = self.source_url = None
        self.note_box = self.note_key = None
        self.emptied_at = at

    @property
    def pack_id(self) -> int | None:
        """The pack that was handed over; None where it was none of ours, such as paper alone."""
        return self.handed.pack_id if self.handed else None

    @property
    def note(self) -> str:
        """What organisers noted for themselves, in the clear; empty where it does not open."""
        if self.note_box is None or self.note_key is None:
            return ""
        try:
            return unseal(Sealed(self.note_key, self.note_box), _context(self)).decode()
        except SealBroken:
            return ""


class HandedPack(Base):
    """Which pack was handed over, as the organiser says who recorded it.

    Of what was recorded before that was asked (0047) it is the one that the program took it to be.
    """

    __tablename__ = "delivery_handed_pack"

    step_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("delivery_step.id"), primary_key=True, autoincrement=False
    )
    pack_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery_pack.id"))


def note_context(delivery_id: int, number: int) -> str:
    """Return the context to which the note of a step is bound."""
    return f"delivery:{delivery_id}:{number}"


def _context(step: DeliveryStep) -> str:
    return note_context(step.delivery_id, step.number)


SEALED_COLUMNS = ((DeliveryStep, "note_box", "note_key", _context),)
