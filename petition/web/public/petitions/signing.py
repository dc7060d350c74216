"""Signing: the post of the form, and the page that asks to look in the inbox.

The answer to a good form is the page itself, not a redirection to it: it shows the address that
was typed, and an address belongs into no URL. Sending the form again does no harm.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.holds.models import HoldCause
from petition.petitions.asks import Ask
from petition.signatures.arriving import ArrivedSignature
from petition.signatures.signers import Signing
from petition.web.forms import form_token
from petition.web.forms.form_token import FormToken
from petition.web.forms.networks import present_network_code
from petition.web.keeping.slots import filled_page, slot
from petition.web.public.petitions import reading
from petition.web.public.petitions.petition_page import ask_or_404, petition_page
from petition.web.public.petitions.sign_form import SignForm

blueprint = Blueprint("signing", __name__)


@dataclass(frozen=True, slots=True)
class SignPage:
    """A page that the form stands on: the petition's own, or one in a frame."""

    inbox_key: str
    layout: str
    endpoint: str
    answer: Callable[[Ask, SignForm], str]
    """The page with a form that cannot be taken."""


@blueprint.post("/petitions/<slug:slug>")
def sign(lang: str, slug: str) -> ResponseReturnValue:
    """Take a signature and ask its owner to confirm it; the same answer to everyone."""
    return take(ask_or_404(slug), lang, SIGN_PAGE)


def take(ask: Ask, lang: str, page: SignPage) -> ResponseReturnValue:
    """Take the signature that was sent from this page, or say what is wrong with it."""
    form = SignForm.for_ask(ask)
    if not ask.is_open(now().date()):
        return page.answer(ask, form), 409
    if not form.validate() or form.read_token is None:
        if form.read_token is None or form.read_token.text_id != ask.text_id:
            form.token.data = form_token.issue_again(form.token.data, ask.petition_id, ask.text_id)
        return page.answer(ask, form), 422
    given = Signing(form.to_signer(), form.read_token.text_id, now())
    arrived = ArrivedSignature(
        given, present_network_code(), _seems_a_program(form, form.read_token)
    )
    arrived.append(ask.petition_id, alone=True)
    return check_inbox(ask, form, lang, page)


def _seems_a_program(form: SignForm, token: FormToken) -> HoldCause | None:
    if form.website.data:
        return HoldCause.HONEYPOT
    return HoldCause.TOO_FAST if token.is_too_fast else None


def check_inbox(ask: Ask, form: SignForm, lang: str, page: SignPage) -> str:
    """Return the page that shows the address as typed and offers to correct it."""
    typed = {field.short_name: field.data for field in form}
    return filled_page(
        (page.inbox_key, lang, ask.slug), lambda: _check_inbox_with_slots(ask, lang, page), typed
    )


def _check_inbox_with_slots(ask: Ask, lang: str, page: SignPage) -> str:
    form = SignForm.for_ask(ask, formdata=None)
    for field in form:
        field.data = slot(field.short_name)
    return render_template(
        "public/petitions/signing/check_inbox.html",
        layout=page.layout,
        petition=petition_page(ask),
        address=form.email.data,
        form=form,
        form_action=url_for(page.endpoint, lang=lang, slug=ask.slug),
    )


SIGN_PAGE = SignPage(
    "check-inbox", "layouts/public.html", "public.petitions.signing.sign", reading.render_answer
)
