"""Verbs of the files of deliveries. None of them commits; the delivery is locked."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.keyring.sealing import seal
from petition.core.storage.database import session
from petition.core.uploads.cleaning import Clean
from petition.deliveries import actions as deliveries
from petition.deliveries.actions import Said
from petition.deliveries.files.contents import put_away, throw_away
from petition.deliveries.files.models import DeliveryFile, FileWords, words_context, words_of
from petition.deliveries.files.queries import files_of, left_behind, may_be_shown, may_take
from petition.deliveries.models import Delivery, DeliveryStep


def add(
    delivery: Delivery,
    step_number: int,
    brought: Clean,
    said: FileWords,
    organiser_id: int,
    at: datetime,
) -> DeliveryFile:
    """Keep a file with a step, for organisers alone.

    Raises ValueError where the step takes none.
    """
    if not may_take(delivery, step_number):
        raise ValueError(f"no file is kept with step {step_number}")
    highest = select(func.max(DeliveryFile.number)).where(DeliveryFile.delivery_id == delivery.id)
    number = (session.scalar(highest) or 0) + 1
    words = seal(words_of(said), words_context(delivery.id, number))
    file = DeliveryFile(
        delivery_id=delivery.id,
        step_id=delivery.steps[step_number - 1].id,
        number=number,
        media_type=brought.media_type,
        size=len(brought.content),
        sha256=hashlib.sha256(brought.content).hexdigest(),
        width=brought.width,
        height=brought.height,
        pages=brought.pages,
        added_at=at,
        organiser_id=organiser_id,
        words_box=words.box,
        words_key=words.key_id,
    )
    put_away(file, brought)
    _note(Act.DELIVERY_FILE_ADDED, delivery, file, organiser_id, at)
    return file


def show(delivery: Delivery, file: DeliveryFile, organiser_id: int, at: datetime) -> None:
    """Let the public see a file. Raises ValueError where its step was taken back."""
    if not may_be_shown(delivery, file):
        raise ValueError("what was taken back is not shown")
    if file.shown_at is None:
        file.shown_at = at
        session.flush()
        _note(Act.DELIVERY_FILE_SHOWN, delivery, file, organiser_id, at)


def hide(delivery: Delivery, file: DeliveryFile, organiser_id: int, at: datetime) -> None:
    """Let organisers alone see a file."""
    if file.shown_at is not None:
        file.shown_at = None
        session.flush()
        _note(Act.DELIVERY_FILE_HIDDEN, delivery, file, organiser_id, at)


def remove(delivery: Delivery, file: DeliveryFile, organiser_id: int, at: datetime) -> None:
    """Remove a file for good, with what was said of it; that it was there stays on record."""
    throw_away(file)
    file.shown_at, file.removed_at = None, at
    session.flush()
    _note(Act.DELIVERY_FILE_REMOVED, delivery, file, organiser_id, at)


def record(
    delivery: Delivery, said: Said, organiser_id: int, at: datetime, *, bring: bool
) -> DeliveryStep:
    """Record the next step, and `bring` along the files of the one in whose place it stands.

    Raises ValueError for a step that may not follow, or not on this day.
    """
    brought = left_behind(delivery, said.kind) if bring else []
    step = deliveries.record(delivery, said, organiser_id, at)
    for file in brought:
        file.step = step
        session.flush()
        _note(Act.DELIVERY_FILE_BROUGHT, delivery, file, organiser_id, at)
    return step


def empty(delivery: Delivery, number: int, organiser_id: int, at: datetime) -> None:
    """Remove for good what was written of a step that was taken back, and its files.

    Raises ValueError where the step was not taken back, or has been emptied before.
    """
    deliveries.empty(delivery, number, organiser_id, at)
    for file in files_of(delivery.id):
        if file.step.number == number and file.removed_at is None:
            remove(delivery, file, organiser_id, at)


def _note(
    act: Act, delivery: Delivery, file: DeliveryFile, organiser_id: int, at: datetime
) -> None:
    by, slug = noting.organiser(organiser_id), delivery.petition.slug
    noting.note(act, by, at, petition=slug, delivery=delivery.id, file=file.number)
