"""Verbs of deliveries. None of them commits; each notes what was done, last of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import column, select, table

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.keyring.sealing import seal
from petition.core.storage.database import session
from petition.deliveries.models import (
    Delivery,
    DeliveryStep,
    HandedPack,
    StepKind,
    note_context,
)
from petition.deliveries.steps import fault_of_day, may_be_emptied, may_follow
from petition.petitions.models import Petition
from petition.recipients.models import Recipient
from petition.updates import actions as updates

ACTS: Mapping[StepKind, Act] = {
    StepKind.PLANNED: Act.DELIVERY_PLANNED,
    StepKind.PACKED: Act.DELIVERY_PACKED,
    StepKind.HANDED_OVER: Act.DELIVERY_HANDED_OVER,
    StepKind.ANSWERED: Act.DELIVERY_ANSWERED,
    StepKind.CLOSED: Act.DELIVERY_CLOSED,
    StepKind.RETRACTED: Act.DELIVERY_STEP_RETRACTED,
}
_packs = table("delivery_pack", column("id"), column("delivery_id"))
"""By name: the room of packs stands upon this one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organiser says of a delivery that is to come."""

    day: date
    counted_until: date
    answer_days: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What an organiser says of a step; all but the note is for the public."""

    kind: StepKind
    day: date
    note: str = ""
    language: str | None = None
    words: str | None = None
    source_url: str | None = None
    signature_count: int | None = None
    place: str | None = None
    to_whom: str | None = None
    by_whom: str | None = None
    pack_id: int | None = None
    """Which pack of the delivery was handed over."""


def plan(
    petition: Petition, office: Recipient, wanted: Plan, organiser_id: int, at: datetime
) -> Delivery:
    """Plan to hand signatures of a petition to an office."""
    named = petition.naming(office)
    delivery = Delivery(
        petition=petition,
        recipient_id=office.id,
        office=named.office,
        jurisdiction=named.jurisdiction,
        counted_until=wanted.counted_until,
        answer_days=wanted.answer_days,
    )
    session.add(delivery)
    session.flush()
    said = Said(StepKind.PLANNED, wanted.day, wanted.note)
    _append(delivery, said, None, organiser_id, at)
    return delivery


def record(delivery: Delivery, said: Said, organiser_id: int, at: datetime) -> DeliveryStep:
    """Record the next step of a delivery, which is locked. A retraction takes the last one back.

    Raises ValueError for a step that may not follow, or not on this day, or with another's pack.
    """
    if not may_follow(delivery, said.kind):
        raise ValueError(f"no delivery that is {delivery.standing[-1].kind} is {said.kind} next")
    is_retraction = said.kind is StepKind.RETRACTED
    if not is_retraction and (fault := fault_of_day(delivery, said.day, at.date())):
        raise ValueError(f"the day is wrong: {fault}")
    if said.pack_id is not None and not _is_its_pack(said.pack_id, delivery):
        raise ValueError("the pack is of another delivery, or there is none")
    retracts = delivery.standing[-1].number if is_retraction else None
    if retracts is not None:
        updates.stop_telling_of(delivery.id, retracts, organiser_id, at)
    return _append(delivery, said, retracts, organiser_id, at)


def _is_its_pack(pack_id: int, delivery: Delivery) -> bool:
    its = _packs.c.id == pack_id, _packs.c.delivery_id == delivery.id
    return session.scalar(select(_packs.c.id).where(*its)) is not None


def empty(delivery: Delivery, number: int, organiser_id: int, at: datetime) -> None:
    """Remove for good what was written of a step that was taken back, or of what took it back.

    The delivery is locked. Raises ValueError where the step stands, or has been emptied before.
    """
    if not may_be_emptied(delivery, number):
        raise ValueError(f"the words of step {number} stay")
    delivery.steps[number - 1].empty(at)
    session.flush()
    by, slug = noting.organiser(organiser_id), delivery.petition.slug
    noting.note(Act.DELIVERY_STEP_EMPTIED, by, at, petition=slug, delivery=delivery.id)


def _append(
    delivery: Delivery, said: Said, retracts: int | None, organiser_id: int, at: datetime
) -> DeliveryStep:
    number = len(delivery.steps) + 1
    note = seal(said.note.encode(), note_context(delivery.id, number)) if said.note else None
    step = DeliveryStep(
        number=number,
        kind=said.kind,
        day=said.day,
        recorded_at=at,
        organiser_id=organiser_id,
        signature_count=said.signature_count,
        place=said.place,
        to_whom=said.to_whom,
        by_whom=said.by_whom,
        words=said.words,
        language=said.language,
        source_url=said.source_url,
        retracts=retracts,
        note_box=note and note.box,
        note_key=note and note.key_id,
        handed=HandedPack(pack_id=said.pack_id) if said.pack_id is not None else None,
    )
    delivery.steps.append(step)
    session.flush()
    by, slug = noting.organiser(organiser_id), delivery.petition.slug
    noting.note(ACTS[said.kind], by, at, petition=slug, delivery=delivery.id)
    return step
