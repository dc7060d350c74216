"""Files kept with a delivery, as a test wants them."""

from petition.core.storage.database import transaction
from petition.core.uploads.cleaning import Clean, MediaType
from petition.deliveries.files import actions
from petition.deliveries.files.models import FileWords
from petition.deliveries.files.queries import file_of
from petition.deliveries.queries import delivery_to_change
from petition.jobs.files import PIECE_BYTES
from tests.factories import NOON

PHOTO = Clean(MediaType.JPEG, b"\xff\xd8\xff a picture", b"\xff\xd8\xff small", 1600, 1200, None)
RECEIPT = Clean(MediaType.PDF, b"%PDF-" + bytes(2 * PIECE_BYTES) + b"%%EOF", b"", None, None, 2)
SAID = FileWords("Three people hold a box before a door", "Sample Coalition")


def kept(
    number: int,
    organiser_id: int,
    brought: Clean = PHOTO,
    *,
    step: int = 2,
    said: FileWords = SAID,
    shown: bool = False,
) -> int:
    """Keep a file with a step of a delivery; return its number."""
    with transaction():
        delivery = delivery_to_change(number)
        assert delivery is not None
        file = actions.add(delivery, step, brought, said, organiser_id, NOON)
        if shown:
            actions.show(delivery, file, organiser_id, NOON)
        return file.number


def change(number: int, file_number: int, verb: str, organiser_id: int) -> None:
    """Show, hide or remove a file."""
    with transaction():
        delivery, file = delivery_to_change(number), file_of(number, file_number)
        assert delivery is not None
        assert file is not None
        getattr(actions, verb)(delivery, file, organiser_id, NOON)
