"""A petition's page, with the form on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from petition.core.clock import now
from petition.core.i18n import countries
from petition.deliveries.queries import handed_over_of
from petition.petitions.asks import Ask
from petition.signatures.queries import ShownReason, shown
from petition.web.forms.shown_form import PLACES
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part
from petition.web.keeping.slots import filled_page, filled_parts, slot, slots
from petition.web.public.deliveries.delivery_page import MOST_NOTED, delivery_lines
from petition.web.public.petitions.petition_page import as_read, ask_or_404, petition_page, progress
from petition.web.public.petitions.sign_form import SignForm
from petition.web.public.petitions.social_cards import image_alt, petition_social_card
from petition.web.site.formats import listed
from petition.web.site.languages import present_language
from petition.web.words.seen_by import who_sees_what

blueprint = Blueprint("reading", __name__)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason as the page shows it."""

    text: str
    signer: str
    day: datetime


@blueprint.get("/petitions/<slug:slug>")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show the petition, the same to everyone."""
    ask = ask_or_404(slug)
    return cached_page(("petition", lang, slug), lambda: _render_fresh(ask))


def _render_fresh(ask: Ask) -> str:
    return _page(ask, SignForm.shown_blank(ask))


def render_answer(ask: Ask, form: SignForm) -> str:
    """Return the petition's page with this form on it, errors and all, as the answer to it."""
    key = ("petition-around-form", *as_read(ask))
    return filled_page(key, lambda: _page(ask, slots(*PLACES)), form.shown())


def _page(ask: Ask, form: Mapping[str, str]) -> str:
    """Return the page with this form on it.

    What the petition says is rendered once; what changes from moment to moment is filled in.
    """
    seen, today = shown(ask.petition_id), now().date()
    values = {
        **form,
        "image_alt": image_alt(ask, seen.count),
        "progress": _progress(request.script_root, ask.slug, seen.count, ask.is_open(today)),
        "reasons": _reasons(seen.reasons),
        "deliveries": _deliveries(request.script_root, ask.petition_id),
    }
    here = request.method, request.script_root, present_language()
    key = ("petition", *here, ask, ask.is_open(today), ask.is_to_come(today))
    return filled_parts(key, lambda: {"page": _render_around(ask)}, values)["page"]


def _render_around(ask: Ask) -> str:
    return render_template(
        "public/petitions/reading/show.html",
        petition=petition_page(ask),
        card=petition_social_card(ask, slot("image_alt")),
        who_sees_what=who_sees_what(ask),
        **slots("progress", "reasons", "deliveries", *PLACES),
    )


@part
def _progress(_script_root: str, slug: str, count: int, is_open: bool) -> Markup:
    """Return the count as the page below this root shows it, and the way to what is behind it."""
    numbers = url_for("public.petitions.numbers.show", lang=present_language(), slug=slug)
    show: Callable[..., Markup] = get_template_attribute("components/progress.html", "progress")
    return show(progress(count), is_open, numbers)


@part
def _reasons(reasons: tuple[ShownReason, ...]) -> Markup:
    """Return the reasons as the page shows them."""
    name = "reason_list"
    show: Callable[..., Markup] = get_template_attribute(f"components/{name}.html", name)
    return show([_line(reason) for reason in reasons])


@part
def _deliveries(_script_root: str, petition_id: int) -> Markup:
    """Return what was handed over of it, as the page below this root notes it."""
    name = "components/delivery.html"
    show: Callable[..., Markup] = get_template_attribute(name, "delivery_notes")
    all_of_them = url_for("public.deliveries.reading.index", lang=present_language())
    lines = delivery_lines(handed_over_of(petition_id)[:MOST_NOTED])
    return show(lines, all_of_them, with_petition=False)


def _line(reason: ShownReason) -> ReasonLine:
    country = countries(present_language()).get(reason.country, reason.country)
    signer = listed([reason.name, country])
    return ReasonLine(reason.text, signer, reason.confirmed_at)
