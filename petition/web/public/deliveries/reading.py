"""The deliveries: a list, and a page for each with what happened and what was answered."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from petition.deliveries.models import Delivery
from petition.deliveries.queries import all_handed_over, delivery_by_number
from petition.deliveries.striking.withdrawals import notices_of
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part, rendered
from petition.web.public.deliveries.delivery_page import (
    DeliveryLine,
    Entry,
    Title,
    delivery_line,
    delivery_lines,
    entries,
    title_of,
)
from petition.web.site.languages import present_language
from petition.web.words.jurisdictions import jurisdiction_name

blueprint = Blueprint("reading", __name__)


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A delivery as its page shows it."""

    office: str
    country: str
    petition: Title
    line: DeliveryLine | None
    """None where the hand-over was recorded by mistake and none has followed yet."""
    entries: list[Entry]
    notices: list[tuple[date, int]]
    """When the office was asked to strike signatures, and how many."""


@blueprint.get("/deliveries/")
def index(lang: str) -> ResponseReturnValue:
    """List what was handed over."""
    return cached_page(("deliveries", lang), _render_index)


def _render_index() -> str:
    return rendered("public/deliveries/reading/index.html", deliveries=_lines())


@part
def _lines() -> list[DeliveryLine]:
    return delivery_lines(all_handed_over())


@blueprint.get("/deliveries/<number:number>")
def show(lang: str, number: int) -> ResponseReturnValue:
    """Show one delivery, once it was handed over."""
    return cached_page(("delivery", lang, str(number)), lambda: _render(number))


def _render(number: int) -> str:
    page = _page(number)
    if page is None:
        abort(404)
    return rendered("public/deliveries/reading/show.html", delivery=page)


@part
def _page(number: int) -> DeliveryPage | None:
    delivery = delivery_by_number(number)
    if delivery is None or not delivery.was_shown:
        return None
    return DeliveryPage(
        office=delivery.office_in(present_language()),
        country=jurisdiction_name(delivery.jurisdiction),
        petition=title_of(delivery),
        line=delivery_line(delivery),
        entries=entries(delivery),
        notices=_notices(delivery),
    )


def _notices(delivery: Delivery) -> list[tuple[date, int]]:
    handed = delivery.handed_over
    if handed is None or handed.pack_id is None:
        return []
    return [(notice.sent_on, len(notice.records)) for notice in notices_of(handed.pack_id)]
