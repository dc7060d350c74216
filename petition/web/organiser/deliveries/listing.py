"""The deliveries of all petitions, and how each of them stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.deliveries.answer_clock import AnswerClock, answer_clock
from petition.deliveries.models import Delivery, StepKind
from petition.deliveries.queries import all_deliveries
from petition.petitions.queries import all_petitions
from petition.web.organiser.deliveries.words import clock_words, kind_words
from petition.web.organiser.signatures.petitions import title_of
from petition.web.site.languages import present_language
from petition.web.words.jurisdictions import jurisdiction_name

blueprint = Blueprint("listing", __name__)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery in a list."""

    number: int
    office: str
    country: str
    title: str
    state: str
    day: date
    """Of the last step that stands; of a plan, the day that it is for."""
    count: int | None
    answer: str
    is_overdue: bool


def row_of(delivery: Delivery, title: str) -> DeliveryRow:
    """Return a delivery as lists show it."""
    last, handed = delivery.standing[-1], delivery.handed_over
    clock = answer_clock(delivery, now().date())
    return DeliveryRow(
        number=delivery.id,
        office=delivery.office_in(present_language()),
        country=jurisdiction_name(delivery.jurisdiction),
        title=title,
        state=kind_words()[last.kind],
        day=last.day,
        count=handed.signature_count if handed else None,
        answer=_answer(clock),
        is_overdue=clock is not None and last.kind is StepKind.HANDED_OVER and _is_late(clock),
    )


def _is_late(clock: AnswerClock) -> bool:
    return clock.until > clock.due_on


def _answer(clock: AnswerClock | None) -> str:
    return clock_words(clock) if clock else ""


def rows_of(deliveries: Iterable[Delivery], titles: dict[int, str]) -> list[DeliveryRow]:
    """Return deliveries as lists show them; `titles` are those of petitions, by their numbers."""
    return [row_of(one, titles[one.petition_id]) for one in deliveries]


@blueprint.get("/deliveries")
def index() -> ResponseReturnValue:
    """List every delivery, and the petitions of which one can be planned."""
    petitions = [petition for petition in all_petitions() if petition.versions]
    titles = {petition.id: title_of(petition) for petition in petitions}
    return render_template(
        "organiser/deliveries/listing/index.html",
        rows=rows_of(all_deliveries(), titles),
        petitions=[(petition.slug, titles[petition.id]) for petition in petitions],
    )
