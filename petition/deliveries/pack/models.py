"""Tables: every pack that was asked for, and who took its file away."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from petition.core.keyring.sealing import Sealed, unseal
from petition.core.storage.columns import Box, Id, KeyId, UtcDateTime, big_id, enum_of
from petition.core.storage.database import Base
from petition.deliveries.models import Delivery
from petition.deliveries.pack.manifest import Profile
from petition.deliveries.pack.records import Tier
from petition.jobs.models import Download, FileState, Job, MadeFile, file_state


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What an organiser writes for the papers of a pack, in the language of its office."""

    letter: str = ""
    """Stands in the cover letter."""
    declares: str = ""
    """Of what the petition of a parliament speaks, on sheets that are signed by hand."""
    requests: str = ""
    """What it asks that parliament for."""

    def to_bytes(self) -> bytes:
        """Return what is sealed."""
        return orjson.dumps(self)


class DeliveryPack(Base):
    """A pack of a delivery's signatures; the record of what its file was stays."""

    __tablename__ = "delivery_pack"
    __table_args__ = (
        CheckConstraint(
            "(finished_at IS NULL) = (sha256 IS NULL) "
            "AND (finished_at IS NULL) = (row_count IS NULL) "
            "AND (finished_at IS NULL) = (root IS NULL) "
            "AND (finished_at IS NULL) = (signed_under IS NULL)",
            name="finished_with_its_root",
        ),
        CheckConstraint("(words_box IS NULL) = (words_key IS NULL)", name="words_have_their_key"),
    )

    id: Mapped[Id]
    delivery_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery.id"), index=True)
    job_id: Mapped[int] = mapped_column(big_id, ForeignKey("job.id"), unique=True)
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    """Who asked for it."""
    tier: Mapped[Tier] = mapped_column(enum_of(Tier, "pack_tier"))
    profile: Mapped[Profile] = mapped_column(enum_of(Profile, "pack_profile"))
    asked_at: Mapped[UtcDateTime]
    words_box: Mapped[Box | None]
    """What whoever asked for it wrote for its papers, sealed: free words may name a person."""
    words_key: Mapped[KeyId | None]
    secret_box: Mapped[Box]
    """32 random bytes of which its salts are made, sealed."""
    secret_key: Mapped[KeyId]
    row_count: Mapped[int | None]
    root: Mapped[str | None] = mapped_column(String(64))
    """Of the tree over its rows, in hexadecimal. Absent until the pack is whole."""
    signed_under: Mapped[str | None] = mapped_column(String(16))
    """The id of the key under which it is signed, as minisign shows it."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the whole file, in hexadecimal."""
    finished_at: Mapped[UtcDateTime | None]
    delivery: Mapped[Delivery] = relationship()
    job: Mapped[Job] = relationship(lazy="selectin")
    file: Mapped[MadeFile | None] = relationship(
        primaryjoin=lambda: foreign(DeliveryPack.job_id) == MadeFile.job_id,
        lazy="selectin",
        viewonly=True,
    )

    def state_at(self, at: datetime) -> FileState:
        """What there is of its file."""
        return file_state(self.job, self.file, at)

    @property
    def secret(self) -> bytes:
        """Its secret in the clear. Raises SealBroken."""
        return unseal(Sealed(self.secret_key, self.secret_box), _context(self))

    @property
    def own_words(self) -> OwnWords:
        """What was written for its papers, in the clear. Raises SealBroken."""
        if self.words_box is None or self.words_key is None:
            return OwnWords()
        opened = unseal(Sealed(self.words_key, self.words_box), _context_of_words(self))
        return OwnWords(**orjson.loads(opened))


class DeliveryPackDownload(Download, Base):
    """Somebody took a pack away, or was let to."""

    __tablename__ = "delivery_pack_download"
    __table_args__ = (Index("ix_delivery_pack_download_pack", "pack_id", "at"),)

    pack_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery_pack.id"))


class DeliveryPackHeld(Base):
    """Which signatures some records of a pack were: their numbers, and nothing of them."""

    __tablename__ = "delivery_pack_held"

    pack_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("delivery_pack.id"), primary_key=True, autoincrement=False
    )
    before: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """How many records come before these."""
    first: Mapped[int] = mapped_column(big_id)
    last: Mapped[int] = mapped_column(big_id)
    """The lowest and the highest of the numbers."""
    content: Mapped[Box]
    """All of them, packed; not sealed, since they name nobody."""


def secret_context(job_id: int) -> str:
    """Return the context to which the secret of a pack is bound."""
    return f"pack:{job_id}"


def words_context(job_id: int) -> str:
    """Return the context to which the words for the papers of a pack are bound."""
    return f"pack-words:{job_id}"


def _context(pack: DeliveryPack) -> str:
    return secret_context(pack.job_id)


def _context_of_words(pack: DeliveryPack) -> str:
    return words_context(pack.job_id)


SEALED_COLUMNS = (
    (DeliveryPack, "secret_box", "secret_key", _context),
    (DeliveryPack, "words_box", "words_key", _context_of_words),
)
