"""A letter campaign's page, with the first of the five pages on which a letter is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.letters.campaigns.models import LetterCampaign, LetterText
from petition.letters.campaigns.queries import letter_campaign_by_slug, offices_of
from petition.letters.drafting import drafts
from petition.letters.letter.written import Draft, Writer
from petition.links.models import LinkPurpose
from petition.signatures.links import SIGNATURE_LINKS
from petition.signatures.models import Signature
from petition.web.forms import form_token
from petition.web.forms.draft_budget import may_begin_a_letter
from petition.web.forms.shown_form import PLACES, shown_form
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part, rendered
from petition.web.keeping.slots import filled, filled_page, slots
from petition.web.public.letters.forms import YouForm
from petition.web.public.letters.letter_page import (
    LetterPage,
    OfficeLine,
    letter_campaign_or_404,
    letter_page,
    office_line,
)
from petition.web.site.languages import present_language

blueprint = Blueprint("reading", __name__)


@dataclass(frozen=True, slots=True)
class BeginPage:
    """A letter campaign's page, but for the form on it."""

    letter_campaign_id: int
    text_id: int
    letter: LetterPage
    offices: list[OfficeLine]
    facts: str


@blueprint.get("/letters/<slug:slug>")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show what the letter asks, to whom it can go, and where one begins to write."""
    return cached_page(("letter", lang, slug), lambda: _render_fresh(slug))


def _render_fresh(slug: str) -> str:
    page = _page(slug)
    if page is None:
        abort(404)
    form = YouForm.shown_blank(page.letter_campaign_id, page.text_id, _action(slug))
    return filled(_render_around(page, slots(*PLACES)), form)


@part
def _page(slug: str) -> BeginPage | None:
    letter_campaign = letter_campaign_by_slug(slug)
    return _page_of(letter_campaign) if letter_campaign else None


def _page_of(letter_campaign: LetterCampaign) -> BeginPage:
    text = _text(letter_campaign)
    return BeginPage(
        letter_campaign_id=letter_campaign.id,
        text_id=text.id,
        letter=letter_page(letter_campaign),
        offices=[office_line(one, text) for one in offices_of(letter_campaign.version)],
        facts=text.facts,
    )


def _text(letter_campaign: LetterCampaign) -> LetterText:
    return letter_campaign.version.text_in(present_language())


@blueprint.post("/letters/<slug:slug>")
def begin(lang: str, slug: str) -> ResponseReturnValue:
    """Begin a letter: keep who writes, under a link that nobody else has."""
    letter_campaign = letter_campaign_or_404(slug)
    form = YouForm.to_begin(letter_campaign.id)
    if not letter_page(letter_campaign).is_open:
        return _render_answer(letter_campaign, form), 409
    if not form.validate() or form.read_token is None:
        text_id = _text(letter_campaign).id
        form.token.data = form_token.issue_again(form.token.data, form.scope, text_id)
        return _render_answer(letter_campaign, form), 422
    if not may_begin_a_letter():
        form.form_errors.append(
            _(
                "Very many letters were begun from your network in this hour. Nothing is lost: "
                "keep this page open and press the button again in an hour"
            )
        )
        return _render_answer(letter_campaign, form), 429
    suspect = bool(form.website.data) or form.read_token.is_too_fast
    draft = Draft(form.to_writer(), is_suspect=suspect)
    return redirect(
        url_for("public.letters.writing.ask", lang=lang, token=_keep(letter_campaign, draft)), 303
    )


def _keep(letter_campaign: LetterCampaign, draft: Draft) -> str:
    with transaction():
        return drafts.begin(_text(letter_campaign).id, draft, now())


def _render_answer(letter_campaign: LetterCampaign, form: YouForm) -> str:
    """Return the letter's page with this form on it, errors and all, as the answer to it."""
    page = _page_of(letter_campaign)
    is_open = "open" if page.letter.is_open else "not open"
    slug = page.letter.slug
    key = ("letter-around-form", present_language(), slug, str(page.text_id), is_open)
    form_shown = shown_form("you_form", form, _action(slug))
    return filled_page(key, lambda: _render_around(page, slots(*PLACES)), form_shown)


def _action(slug: str) -> str:
    return url_for(".begin", lang=present_language(), slug=slug) + "#write"


def _render_around(page: BeginPage, form: Mapping[str, str]) -> str:
    return rendered(
        "public/letters/reading/show.html",
        letter=page.letter,
        offices=page.offices,
        facts=page.facts,
        **form,
    )


@blueprint.post("/manage/<token>/letters/<slug:slug>")
def begin_signed(lang: str, token: str, slug: str) -> ResponseReturnValue:
    """Begin a letter for somebody who has just signed, and types nothing twice."""
    letter_campaign = letter_campaign_or_404(slug)
    if not letter_page(letter_campaign).is_open:
        return redirect(url_for(".show", lang=lang, slug=slug), 303)
    draft = Draft(_writer(SIGNATURE_LINKS.open(token, LinkPurpose.MANAGE, now())))
    if not may_begin_a_letter():
        abort(429)
    return redirect(
        url_for("public.letters.writing.ask", lang=lang, token=_keep(letter_campaign, draft)), 303
    )


@blueprint.get("/manage/<token>/letters/<slug:slug>")
def back(lang: str, token: str, slug: str) -> ResponseReturnValue:
    """Lead whoever opens the address of the button to the letter's own page."""
    return redirect(url_for(".show", lang=lang, slug=slug), 303)


def _writer(signature: Signature) -> Writer:
    person = signature.opened()
    return Writer(person.name, person.email, signature.country, person.postcode or "")
