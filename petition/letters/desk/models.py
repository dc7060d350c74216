"""Tables: the tally of letters.

The database writes an entry for every change of a letter that a figure counts: triggers in the
migrations.
"""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import Id, big_id, enum_of
from petition.core.storage.database import Base


class Figure(StrEnum):
    """What the tally counts of letters. A letter is in one figure of each kind, or in none."""

    UNMAILED = "unmailed"
    """Nobody is mailed about it before a moderator accepts it."""
    AWAITING = "awaiting"
    ON_HOLD = "on_hold"
    """Confirmed, and waits for a moderator before it leaves."""
    QUEUED = "queued"
    """With those that are being sent this moment."""
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STOPPED = "stopped"
    SENT_ELSEWHERE = "sent_elsewhere"
    """Sent another way, as its writer says: no letter of ours."""
    ANSWER_YES = "answer_yes"
    ANSWER_AUTOMATIC = "answer_automatic"
    ANSWER_NO = "answer_no"
    TEMPLATE = "template"
    """Of a confirmed letter, like the next two: how much is its writer's own."""
    PARTLY = "partly"
    CLEARLY = "clearly"


class LetterTallyEntry(Base):
    """A change of a figure that the tally has not taken in yet; its row goes when it has."""

    __tablename__ = "letter_tally_entry"
    __table_args__ = (CheckConstraint("change IN (-1, 1)", name="one_at_a_time"),)

    id: Mapped[Id]
    letter_campaign_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("letter_campaign.id", ondelete="CASCADE")
    )
    recipient_id: Mapped[int] = mapped_column(big_id)
    """No foreign key, here and in the tally: where no letter names an office, it counts nothing."""
    figure: Mapped[Figure] = mapped_column(enum_of(Figure, "letter_figure"))
    change: Mapped[int]


class LetterTally(Base):
    """How many letters of a letter campaign to one office are in one figure."""

    __tablename__ = "letter_tally"
    __table_args__ = (CheckConstraint("count >= 0", name="not_negative"),)

    letter_campaign_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("letter_campaign.id", ondelete="CASCADE"), primary_key=True
    )
    recipient_id: Mapped[int] = mapped_column(big_id, primary_key=True)
    figure: Mapped[Figure] = mapped_column(enum_of(Figure, "letter_figure"), primary_key=True)
    count: Mapped[int]
