"""A delivery's way: which steps may follow one another, and on which days.

Triggers in the migrations let no other step in; a test holds them to `WAYS`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum, auto

from petition.deliveries.models import FIRST_DAY, Delivery, DeliveryStep, StepKind

WAYS: Mapping[StepKind | None, tuple[StepKind, ...]] = {
    None: (StepKind.PLANNED,),
    StepKind.PLANNED: (StepKind.HANDED_OVER, StepKind.PACKED, StepKind.CLOSED),
    StepKind.PACKED: (StepKind.HANDED_OVER, StepKind.CLOSED),
    StepKind.HANDED_OVER: (StepKind.ANSWERED, StepKind.CLOSED),
    StepKind.ANSWERED: (StepKind.CLOSED, StepKind.ANSWERED),
    StepKind.CLOSED: (),
}
"""What may follow each step, the next one on the way first; None is the beginning.

Besides, the last step that stands may be taken back, unless it is the plan.
"""
EARLY_ELSEWHERE = timedelta(days=1)
"""Somewhere it is the next day already (up to UTC+14)."""


class DayFault(StrEnum):
    """What is wrong with the day of a step."""

    TO_COME = auto()
    BEFORE_THE_LAST = auto()
    BEFORE_THE_PETITION = auto()


def offered(delivery: Delivery) -> tuple[StepKind, ...]:
    """Return what may be recorded next, but for a retraction."""
    return WAYS[delivery.standing[-1].kind]


def may_be_retracted(delivery: Delivery) -> bool:
    """Whether the last step that stands may be taken back; a plan is closed instead."""
    return delivery.standing[-1].kind is not StepKind.PLANNED


def may_follow(delivery: Delivery, kind: StepKind) -> bool:
    """Whether a step of this kind may be recorded next."""
    return may_be_retracted(delivery) if kind is StepKind.RETRACTED else kind in offered(delivery)


def to_record_again(delivery: Delivery, kind: StepKind) -> DeliveryStep | None:
    """Return the step of this kind that was taken back, and none recorded in its place since.

    Its words may have been removed: then there is nothing to mend.
    """
    of_kind = [step for step in delivery.steps if step.kind is kind]
    if not of_kind or of_kind[-1].number not in delivery.retractions or of_kind[-1].emptied_at:
        return None
    return of_kind[-1]


def may_be_emptied(delivery: Delivery, number: int) -> bool:
    """Whether there is a step of this number that still has its words and need not keep them.

    Such a step was taken back, or takes another back.
    """
    retraction, taken_back = StepKind.RETRACTED, delivery.retractions
    free = (one for one in delivery.steps if one.kind is retraction or one.number in taken_back)
    return any(one.number == number and one.emptied_at is None for one in free)


def fault_of_day(delivery: Delivery, day: date, today: date) -> DayFault | None:
    """Return what speaks against a day; `today` is that of UTC. A plan's own day binds nothing."""
    if day > today + EARLY_ELSEWHERE:
        return DayFault.TO_COME
    last = delivery.standing[-1]
    if last.kind is not StepKind.PLANNED and day < last.day:
        return DayFault.BEFORE_THE_LAST
    return DayFault.BEFORE_THE_PETITION if day < _earliest(delivery) else None


def _earliest(delivery: Delivery) -> date:
    """Return the petition's first day, or that of a plan made, and perhaps closed, before it."""
    planned_on = delivery.steps[0].recorded_at.date()
    return max(FIRST_DAY, min(delivery.petition.opens_on, planned_on))
