"""How long an office has had for its answer, and whether one came."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from petition.deliveries.models import Delivery, StepKind

ASKED_WITHIN_DAYS = 30
"""What we ask for unless an organiser says otherwise. It is our wish: no office has such a rule for
lists that were signed elsewhere.
"""


class AnswerState(StrEnum):
    """How it stands with the answer."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    """Closed, and no answer came."""


@dataclass(frozen=True, slots=True)
class AnswerClock:
    """The answer that was asked for, as it stands on one day."""

    state: AnswerState
    due_on: date
    until: date
    """When the first answer came, when it was closed without one, or the day it is looked at."""
    days: int
    """From the hand-over until then."""


def answer_clock(delivery: Delivery, today: date) -> AnswerClock | None:
    """Return how it stands; None before the hand-over."""
    handed = delivery.handed_over
    if handed is None:
        return None
    due_on = handed.day + timedelta(days=delivery.answer_days)
    state, until = _end(delivery) or (
        AnswerState.WAITING if today <= due_on else AnswerState.OVERDUE,
        max(today, handed.day),
    )
    return AnswerClock(state, due_on, until, (until - handed.day).days)


def _end(delivery: Delivery) -> tuple[AnswerState, date] | None:
    ends = {StepKind.ANSWERED: AnswerState.ANSWERED, StepKind.CLOSED: AnswerState.UNANSWERED}
    found = (step for step in delivery.standing if step.kind in ends)
    first = next(found, None)
    return (ends[first.kind], first.day) if first else None
