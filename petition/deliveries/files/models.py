"""Tables: pictures and papers of deliveries, and the sealed pieces of each.

They are sealed as the files of jobs are, each under a key of its own, but do not go with time.
Without its key a file opens no more: to remove one for good, the key is deleted.
"""

import json
from dataclasses import asdict, dataclass

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.storage.columns import Box, Id, KeyId, UtcDateTime, big_id, enum_of
from petition.core.storage.database import Base
from petition.core.uploads.cleaning import MediaType
from petition.deliveries.models import Delivery, DeliveryStep

LONGEST_ABOUT = 300
LONGEST_CREDIT = 120


@dataclass(frozen=True, slots=True)
class FileWords:
    """What is said of a file; the public reads it where it is shown."""

    about: str
    """What one sees on it: for who cannot see it."""
    credit: str = ""
    """Who made it."""


class DeliveryFile(Base):
    """A picture or a paper, kept with one step of a delivery. What it was stays on record."""

    __tablename__ = "delivery_file"
    __table_args__ = (
        UniqueConstraint("delivery_id", "number", name="files_of_a_delivery_are_numbered"),
        CheckConstraint(
            "(removed_at IS NULL) = (file_key IS NOT NULL) "
            "AND (file_key IS NULL) = (file_key_key IS NULL) "
            "AND (removed_at IS NULL) = (words_box IS NOT NULL) "
            "AND (words_box IS NULL) = (words_key IS NULL)",
            name="removed_opens_no_more",
        ),
        CheckConstraint("removed_at IS NULL OR shown_at IS NULL", name="removed_is_not_shown"),
        CheckConstraint(
            "(media_type = 'image/jpeg') = (width IS NOT NULL AND height IS NOT NULL) "
            "AND (media_type = 'application/pdf') = (pages IS NOT NULL) "
            "AND (preview IS NULL OR media_type = 'image/jpeg')",
            name="a_picture_has_sides_and_a_paper_pages",
        ),
    )

    id: Mapped[Id]
    delivery_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery.id"))
    step_id: Mapped[int] = mapped_column(big_id, ForeignKey("delivery_step.id"), index=True)
    """The hand-over or the answer that it belongs to."""
    number: Mapped[int] = mapped_column(SmallInteger)
    """Counts on from 1 in each delivery."""
    media_type: Mapped[MediaType] = mapped_column(enum_of(MediaType, "delivery_file_type"))
    size: Mapped[int]
    """In octets."""
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    pages: Mapped[int | None]
    added_at: Mapped[UtcDateTime]
    organiser_id: Mapped[int] = mapped_column(big_id, ForeignKey("organiser.id"))
    shown_at: Mapped[UtcDateTime | None]
    """Since when the public page has it; absent where organisers alone see it."""
    removed_at: Mapped[UtcDateTime | None]
    words_box: Mapped[Box | None]
    """Sealed: what is not shown may name a person."""
    words_key: Mapped[KeyId | None]
    file_key: Mapped[Box | None]
    file_key_key: Mapped[KeyId | None]
    preview: Mapped[Box | None] = deferred(mapped_column())
    """Of a picture, a smaller one, sealed under the file's key."""
    delivery: Mapped[Delivery] = relationship()
    step: Mapped[DeliveryStep] = relationship(lazy="selectin")

    @property
    def is_picture(self) -> bool:
        """Whether one sees it at once."""
        return self.media_type is MediaType.JPEG

    @property
    def words(self) -> FileWords:
        """What is said of it, in the clear; nothing where that does not open."""
        if self.words_box is None or self.words_key is None:
            return FileWords("")
        try:
            text = unseal(Sealed(self.words_key, self.words_box), _words_context(self))
        except SealBroken:
            return FileWords("")
        return FileWords(**json.loads(text))


class DeliveryFilePiece(Base):
    """A mebibyte of a file, sealed; the last piece is shorter."""

    __tablename__ = "delivery_file_piece"

    file_id: Mapped[int] = mapped_column(
        big_id,
        ForeignKey("delivery_file.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 0."""
    content: Mapped[Box]


def words_of(said: FileWords) -> bytes:
    """Return what is sealed of words."""
    return json.dumps(asdict(said), ensure_ascii=False).encode()


def words_context(delivery_id: int, number: int) -> str:
    """Return the context to which the words of a file are bound."""
    return f"delivery-file-words:{delivery_id}:{number}"


def key_context(delivery_id: int, number: int) -> str:
    """Return the context to which the key of a file is bound."""
    return f"delivery-file:{delivery_id}:{number}"


def _words_context(file: DeliveryFile) -> str:
    return words_context(file.delivery_id, file.number)


def _key_context(file: DeliveryFile) -> str:
    return key_context(file.delivery_id, file.number)


SEALED_COLUMNS = (
    (DeliveryFile, "words_box", "words_key", _words_context),
    (DeliveryFile, "file_key", "file_key_key", _key_context),
)
