"""Table: notices that asked an office to strike records of a pack. None is ever changed."""

import datetime
import json
from dataclasses import asdict, dataclass

from sqlalchemy import JSON, Date, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.storage.columns import Box, Id, KeyId, UtcDateTime, big_id
from petition.core.storage.database import Base


@dataclass(frozen=True, slots=True)
class Sent:
    """Between whom a notice went; for organisers alone."""

    to_whom: str
    by_whom: str

    def to_bytes(self) -> bytes:
        """Return what is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


class StrikeNotice(Base):
    """A notice that was sent, as the organiser says who recorded it."""

    __tablename__ = "delivery_strike_notice"
    __table_args__ = (UniqueConstraint("pack_id", "number", name="notices_of_a_pack_are_numbered"),)

    id: Mapped[Id]
    pack_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery_pack.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    """Counts on from 1 for each pack."""
    sent_on: Mapped[datetime.date] = mapped_column(Date)
    records: Mapped[list[int]] = mapped_column(JSON)
    """The numbers of the records in the pack that it named."""
    said_box: Mapped[Box]
    """Between whom it went, sealed: it may name a person."""
    said_key: Mapped[KeyId]
    recorded_at: Mapped[UtcDateTime]
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))

    @property
    def sent(self) -> Sent:
        """Between whom it went, in the clear; nothing where that does not open."""
        try:
            return Sent(**json.loads(unseal(Sealed(self.said_key, self.said_box), _context(self))))
        except SealBroken:
            return Sent("", "")


def notice_context(pack_id: int, number: int) -> str:
    """Return the context to which the words of a notice are bound."""
    return f"strike-notice:{pack_id}:{number}"


def _context(notice: StrikeNotice) -> str:
    return notice_context(notice.pack_id, notice.number)


SEALED_COLUMNS = ((StrikeNotice, "said_box", "said_key", _context),)
