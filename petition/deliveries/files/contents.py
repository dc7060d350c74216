"""What is in a file of a delivery: put away in sealed pieces, and read again."""

import secrets

from sqlalchemy import delete, insert, select

from petition.core.keyring.keys import KEY_BYTES
from petition.core.keyring.sealing import (
    SealBroken,
    Sealed,
    seal,
    seal_under,
    unseal,
    unseal_under,
)
from petition.core.storage.database import rows_of, session
from petition.core.uploads.cleaning import Clean
from petition.deliveries.files.models import DeliveryFile, DeliveryFilePiece, key_context
from petition.jobs.files import PIECE_BYTES, FileGone, piece_context

PREVIEW = "preview"
"""What a smaller picture is bound to, in the place of a piece's number."""
_pieces = rows_of(DeliveryFilePiece)


def put_away(file: DeliveryFile, brought: Clean) -> None:
    """Seal a file under a key of its own; it has its delivery and number already."""
    key = secrets.token_bytes(KEY_BYTES)
    sealed = seal(key, key_context(file.delivery_id, file.number))
    file.file_key, file.file_key_key = sealed.box, sealed.key_id
    if brought.preview:
        file.preview = seal_under(key, brought.preview, PREVIEW)
    session.add(file)
    session.flush()
    for number, start in enumerate(range(0, len(brought.content), PIECE_BYTES)):
        piece = brought.content[start : start + PIECE_BYTES]
        box = seal_under(key, piece, piece_context(number))
        session.execute(insert(_pieces).values(file_id=file.id, number=number, content=box))


def content_of(file: DeliveryFile) -> bytes:
    """Return a file, whole: it was small enough to be brought. Raises FileGone."""
    key = _key_of(file)
    its = select(_pieces.c.content).where(_pieces.c.file_id == file.id)
    boxes = session.scalars(its.order_by(_pieces.c.number)).all()
    try:
        pieces = [unseal_under(key, box, piece_context(at)) for at, box in enumerate(boxes)]
    except SealBroken:
        raise FileGone from None
    content = b"".join(pieces)
    if len(content) != file.size:
        raise FileGone
    return content


def preview_of(file: DeliveryFile) -> bytes:
    """Return a picture made smaller. Raises FileGone."""
    try:
        return unseal_under(_key_of(file), file.preview or b"", PREVIEW)
    except SealBroken:
        raise FileGone from None


def throw_away(file: DeliveryFile) -> None:
    """Delete what is in a file, its key and what was said of it."""
    session.execute(delete(_pieces).where(_pieces.c.file_id == file.id))
    file.file_key = file.file_key_key = file.preview = None
    file.words_box = file.words_key = None


def _key_of(file: DeliveryFile) -> bytes:
    if file.file_key is None or file.file_key_key is None:
        raise FileGone
    try:
        context = key_context(file.delivery_id, file.number)
        return unseal(Sealed(file.file_key_key, file.file_key), context)
    except SealBroken:
        raise FileGone from None
