"""Pages for frames on other sites: a counter for any of them, the form for those listed.

Whoever frames the counter can do nothing in it but lead to our page. The form takes what a person
types, so only the origins that the petition lists may show it: a site that could lay its own page
over the form could make people sign what they do not see.
"""

from collections.abc import Mapping

from flask import Blueprint
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from petition.petitions.asks import Ask
from petition.signatures.queries import tallied
from petition.web.forms.shown_form import PLACES
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import rendered
from petition.web.keeping.slots import filled, filled_page, slots
from petition.web.public.petitions.petition_page import as_read, ask_or_404, petition_page, progress
from petition.web.public.petitions.sign_form import SignForm
from petition.web.public.petitions.signing import SignPage, take
from petition.web.site.security import may_be_framed_by
from petition.web.words.seen_by import who_sees_what

blueprint = Blueprint("embedding", __name__)


@blueprint.get("/embed/<slug:slug>")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show the count and a link, in a frame of any site."""
    may_be_framed_by("*")
    ask = ask_or_404(slug)
    return cached_page(("embed", lang, slug), lambda: _counter(ask))


@blueprint.get("/embed/<slug:slug>/sign")
def sign(lang: str, slug: str) -> ResponseReturnValue:
    """Show the form, in a frame of the sites that the petition lists."""
    ask = _framed_ask(slug)
    return cached_page(("embed-sign", lang, slug), lambda: _fresh_form(ask))


@blueprint.post("/embed/<slug:slug>/sign")
def take_signature(lang: str, slug: str) -> ResponseReturnValue:
    """Take a signature as the petition's own page does, and answer inside the frame."""
    return take(_framed_ask(slug), lang, SIGN_PAGE)


def _framed_ask(slug: str) -> Ask:
    may_be_framed_by()  # nobody, as long as no petition says otherwise
    ask = ask_or_404(slug)
    may_be_framed_by(*ask.embed_origins)
    return ask


def _counter(ask: Ask) -> str:
    return rendered(
        "public/petitions/embedding/show.html",
        petition=petition_page(ask),
        progress=progress(tallied(ask.petition_id)),
    )


def _fresh_form(ask: Ask) -> str:
    return filled(_render_around(ask, slots(*PLACES)), SignForm.shown_blank(ask))


def render_answer(ask: Ask, form: SignForm) -> str:
    """Return the page for the frame with this form on it, errors and all, as the answer to it."""
    key = ("embed-around-form", *as_read(ask))
    return filled_page(key, lambda: _render_around(ask, slots(*PLACES)), form.shown())


def _render_around(ask: Ask, form: Mapping[str, str]) -> str:
    return rendered(
        "public/petitions/embedding/sign.html",
        petition=petition_page(ask),
        body=in_new_tabs(ask.body),
        who_sees_what=who_sees_what(ask),
        **form,
    )


def in_new_tabs(body: Markup) -> Markup:
    """Return sanitised HTML whose links leave the frame."""
    return Markup(str(body).replace("<a ", '<a target="_blank" '))  # noqa: S704 - a fixed attribute


SIGN_PAGE = SignPage("embed-check-inbox", "layouts/embed.html", render_answer)
