"""Tables: the batches in which letters leave."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import big_id
from petition.core.storage.database import Base


class LetterBatch(Base):
    """Letters that a worker has claimed, and takes to the mail server in the order of their ids."""

    __tablename__ = "letter_batch"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random; `claimed_by` of its letters."""
    worker_id: Mapped[str] = mapped_column(String(32))


class LetterPlace(Base):
    """How far a batch has come: the letter that is being handed over, or was last.

    On PostgreSQL the table is unlogged. It outlives its worker and not a crash of the database,
    which empties it: a place that is there is the true one, and no letter waits for the disk.
    """

    __tablename__ = "letter_place"

    batch_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("letter_batch.id", ondelete="CASCADE"), primary_key=True
    )
    letter_id: Mapped[int] = mapped_column(big_id)
    """0 before the first."""
