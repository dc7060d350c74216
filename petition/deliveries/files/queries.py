"""Reads of the files of deliveries, without what is in them."""

from sqlalchemy import ColumnElement, func, select

from petition.core.storage.database import session
from petition.deliveries.files.models import DeliveryFile
from petition.deliveries.models import Delivery, StepKind
from petition.deliveries.steps import to_record_again

BESIDE = (StepKind.HANDED_OVER, StepKind.ANSWERED)
"""The steps with which files are kept."""
MOST_OF_A_STEP = 10


def files_of(delivery_id: int) -> list[DeliveryFile]:
    """Return every file of a delivery, those that were removed too, in their order."""
    return _files(DeliveryFile.delivery_id == delivery_id)


def file_of(delivery_id: int, number: int) -> DeliveryFile | None:
    """Return a file of a delivery that was not removed."""
    is_it = (DeliveryFile.delivery_id == delivery_id) & (DeliveryFile.number == number)
    found = _files(is_it, DeliveryFile.removed_at.is_(None))
    return found[0] if found else None


def may_be_shown(delivery: Delivery, file: DeliveryFile) -> bool:
    """Whether the public page has the step that it belongs to: one taken back is shown no more."""
    return any(step.id == file.step_id for step in delivery.standing)


def shown_of(delivery: Delivery) -> list[DeliveryFile]:
    """Return the files of a delivery that the public sees."""
    found = _files(DeliveryFile.delivery_id == delivery.id, DeliveryFile.shown_at.is_not(None))
    return [one for one in found if may_be_shown(delivery, one)]


def left_behind(delivery: Delivery, kind: StepKind) -> list[DeliveryFile]:
    """Return the files of a step that was taken back and is to be recorded anew."""
    again = to_record_again(delivery, kind)
    if again is None:
        return []
    return _files(DeliveryFile.step_id == again.id, DeliveryFile.removed_at.is_(None))


def may_take(delivery: Delivery, step_number: int) -> bool:
    """Whether a file may be kept with a step: one of a hand-over or an answer that stands."""
    found = [step for step in delivery.standing if step.number == step_number]
    if not found or found[0].kind not in BESIDE:
        return False
    is_there = (DeliveryFile.step_id == found[0].id) & DeliveryFile.removed_at.is_(None)
    counted = session.scalar(select(func.count()).where(is_there)) or 0
    return counted < MOST_OF_A_STEP


def _files(*which: ColumnElement[bool]) -> list[DeliveryFile]:
    found = select(DeliveryFile).where(*which).order_by(DeliveryFile.number)
    return list(session.scalars(found.execution_options(populate_existing=True)))
