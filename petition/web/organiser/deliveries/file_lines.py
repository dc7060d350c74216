"""What the record of a delivery says of the files that are kept with a step."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from petition.deliveries.files.models import DeliveryFile, FileWords
from petition.deliveries.files.queries import may_be_shown
from petition.deliveries.models import Delivery
from petition.organisers.queries import names_of
from petition.web.words.file_sizes import size_words


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file in the record."""

    what: str
    words: FileWords
    is_picture: bool
    is_shown: bool
    """To the public."""
    may_be_shown: bool
    removed_at: datetime | None
    added_at: datetime
    who: str
    number: int
    delivery: int
    step: int
    width: int | None
    height: int | None

    def url(self, verb: str) -> str:
        """Return the address at which something is done with it."""
        where = f"organiser.evidence.files.{verb}"
        return url_for(where, number=self.delivery, file_number=self.number)


def file_lines(delivery: Delivery, files: list[DeliveryFile]) -> list[FileLine]:
    """Return files of a delivery as the record tells of them."""
    names = names_of(file.organiser_id for file in files)
    return [_line(delivery, file, names[file.organiser_id]) for file in files]


def _line(delivery: Delivery, file: DeliveryFile, who: str) -> FileLine:
    return FileLine(
        what=size_words(file),
        words=file.words,
        is_picture=file.is_picture,
        is_shown=file.shown_at is not None and may_be_shown(delivery, file),
        may_be_shown=may_be_shown(delivery, file),
        removed_at=file.removed_at,
        added_at=file.added_at,
        who=who,
        number=file.number,
        delivery=delivery.id,
        step=file.step.number,
        width=file.width,
        height=file.height,
    )
