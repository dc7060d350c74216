"""Writing a letter, page by page: each keeps its part, and going back loses none.

The draft is kept sealed under the link in the address; nobody else can open it. Each page that is
filled in moves it to a new link: who was shown an earlier one cannot read what is typed later.
"""

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from petition.letters.drafting.composing import compose
from petition.letters.drafting.drafts import new_sheet
from petition.letters.drafting.own_words import OwnWords, in_words
from petition.web.public.letters.forms import (
    AskForm,
    DraftForm,
    EditForm,
    ReasonsForm,
    SendForm,
    YouForm,
)
from petition.web.public.letters.letter_page import office_line
from petition.web.public.letters.open_draft import AddressedDraft, OpenDraft, open_draft
from petition.web.public.letters.preview import preview_of

blueprint = Blueprint("writing", __name__, url_prefix="/letters/draft/<token>")

STEPS = ("you", "ask", "reasons", "edit", "preview")


@blueprint.route("/you", methods=["GET", "POST"])
def you(lang: str, token: str) -> ResponseReturnValue:
    """Ask who writes."""
    here = open_draft(token)
    form = YouForm(obj=here.draft.writer)
    if form.validate_on_submit():
        suspect = here.draft.is_suspect or bool(form.website.data)
        writer = form.to_writer(here.draft.writer.address)
        reached = _reached(here, "ask")
        return _to("ask", here.moved(writer=writer, is_suspect=suspect, reached=reached))
    return _page("you", here, form)


@blueprint.route("/ask", methods=["GET", "POST"])
def ask(lang: str, token: str) -> ResponseReturnValue:
    """Show who can act and how they take letters, and ask to whom this one goes."""
    here = open_draft(token)
    lines = [office_line(office, here.text) for office in here.offices]
    first = here.draft.recipient_id or (lines[0].id if lines else None)
    form = AskForm(recipient=first, address=here.draft.writer.address)
    form.recipient.choices = [SelectChoice(line.id, line.office) for line in lines]
    alone = {line.id: line.constituents_only for line in lines}
    if not any(alone.values()):
        del form.address  # the page does not ask for it
    if form.validate_on_submit() and form.takes(alone):
        address = (form.address.data or "") if alone[form.recipient.data] else ""
        writer = replace(here.draft.writer, address=address)
        reached = _reached(here, "reasons")
        moved = here.moved(recipient_id=form.recipient.data, writer=writer, reached=reached)
        return _to("reasons", moved)
    return _page("ask", here, form, offices=lines, asks_address=any(alone.values()))


@blueprint.route("/reasons", methods=["GET", "POST"])
def reasons(lang: str, token: str) -> ResponseReturnValue:
    """Ask for up to three reasons, in a sentence of one's own each."""
    here = open_draft(token)
    if here.addressed() is None:
        return _to("ask", here)
    form = ReasonsForm.for_text(here.text)
    if not form.is_submitted():
        form.show(here.draft.sentences)
    elif form.validate():
        moved = here.moved(sentences=form.to_sentences(), reached=_reached(here, "edit"))
        return _to("edit", moved)
    prompts = [reason["prompt"] for reason in here.text.reasons]
    return _page("reasons", here, form, prompts=prompts, nudged="nudge" in request.args)


@blueprint.route("/edit", methods=["GET", "POST"])
def edit(lang: str, token: str) -> ResponseReturnValue:
    """Let the writer change every word of the letter."""
    here = open_draft(token)
    there = here.addressed()
    if there is None:
        return _to("ask", here)
    if "restart" in request.form:
        return _to("edit", here.moved(body="", subject=""))
    form = EditForm(subject=there.subject, body=there.body)
    if form.validate_on_submit():
        return _edited(there, str(form.subject.data), str(form.body.data))
    return _page("edit", here, form, is_edited=bool(here.draft.body))


def _edited(there: AddressedDraft, subject: str, body: str) -> ResponseReturnValue:
    """Keep the letter; one without a sentence of its own gets one question, and never a second."""
    composed = compose(there.template, there.here.draft)
    kept = there.here.moved(
        subject="" if subject == there.template.subject else subject,
        body="" if body == composed else body,
        reached=_reached(there.here, "preview"),
    )
    now_there = kept.addressed()
    is_template = now_there and in_words(now_there.own_share) == OwnWords.TEMPLATE
    if is_template and not kept.draft.sentences and not kept.draft.nudged:
        return _to("reasons", kept.keep(nudged=True), nudge=1)
    return _to("preview", kept)


@blueprint.get("/preview")
def preview(lang: str, token: str) -> ResponseReturnValue:
    """Show the letter as it will arrive, and the ways in which it can go."""
    here = open_draft(token)
    there = here.addressed()
    if there is None:
        return _to("ask", here)
    form = SendForm(formdata=None, reply_allowed=here.draft.reply_allowed)
    return _page("preview", here, form, preview=preview_of(there))


def _reached(here: OpenDraft, step: str) -> int:
    """Return how many of the pages a writer has come to who goes on to this one."""
    return max(here.draft.reached, STEPS.index(step) + 1)


def _has_been_through(here: OpenDraft) -> bool:
    return here.draft.reached == len(STEPS)


def _to(step: str, here: OpenDraft, **more: Any) -> ResponseReturnValue:
    """Lead to a page; to the last one at once who has been there and asks for it."""
    lang = (request.view_args or {})["lang"]
    if "onward" in request.form and _has_been_through(here):
        step = STEPS[-1]
    return redirect(url_for(f".{step}", lang=lang, token=here.token, **more), 303)


def _page(step: str, here: OpenDraft, form: DraftForm, **more: Any) -> ResponseReturnValue:
    form.sheet.data = form.sheet.data or new_sheet()
    lang = (request.view_args or {})["lang"]

    def address(name: str) -> str:
        return url_for(f".{name}", lang=lang, token=here.token)

    place = STEPS.index(step)
    page = render_template(
        f"public/letters/writing/{step}.html",
        letter=here.page,
        form=form,
        form_action=address(step),
        step=place + 1,
        has_been_through=_has_been_through(here),
        steps=list(zip(step_names(), map(address, STEPS), strict=True)),
        back_url=address(STEPS[place - 1]) if place else here.page.url,
        **more,
    )
    return page, 422 if form.errors else 200


def step_names() -> list[str]:
    """Return the five pages in words."""
    return [_("You"), _("To whom"), _("Reasons"), _("Letter"), _("Send")]
