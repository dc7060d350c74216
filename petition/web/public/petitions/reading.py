"""A petition's page, with the form on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from petition.core.i18n import countries
from petition.petitions.asks import Ask
from petition.signatures.queries import ShownReason, shown_reasons, tallied
from petition.web.forms.shown_form import PLACES
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import rendered
from petition.web.keeping.slots import filled, filled_page, slots
from petition.web.public.petitions.petition_page import as_read, ask_or_404, petition_page, progress
from petition.web.public.petitions.sign_form import SignForm
from petition.web.public.petitions.social_cards import petition_social_card
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
    return filled(_render_around(ask, slots(*PLACES)), SignForm.shown_blank(ask, _action(ask)))


def render_answer(ask: Ask, form: SignForm) -> str:
    """Return the petition's page with this form on it, errors and all, as the answer to it."""
    key = ("petition-around-form", *as_read(ask))
    return filled_page(key, lambda: _render_around(ask, slots(*PLACES)), form.shown(_action(ask)))


def _action(ask: Ask) -> str:
    return (
        url_for("public.petitions.signing.sign", lang=present_language(), slug=ask.slug) + "#sign"
    )


def _render_around(ask: Ask, form: Mapping[str, str]) -> str:
    count = tallied(ask.petition_id)
    return rendered(
        "public/petitions/reading/show.html",
        petition=petition_page(ask),
        card=petition_social_card(ask, count),
        progress=progress(count),
        reasons=[_line(reason) for reason in shown_reasons(ask.petition_id)],
        who_sees_what=who_sees_what(ask),
        **form,
    )


def _line(reason: ShownReason) -> ReasonLine:
    country = countries(present_language()).get(reason.country, reason.country)
    signer = listed([reason.name, country])
    return ReasonLine(reason.text, signer, reason.confirmed_at)
