"""A letter that was confirmed: where it is, and what its writer can still do."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from petition.core.clock import now
from petition.core.keyring.sealing import if_whole
from petition.core.storage.database import transaction
from petition.letters import answers, decisions, removals
from petition.letters.campaigns.models import LetterText
from petition.letters.campaigns.queries import text_with_its_campaign
from petition.letters.drafting import drafts
from petition.letters.letter.links import LETTER_LINKS
from petition.letters.letter.models import Answer, Letter, LetterState
from petition.letters.letter.written import Draft, Written
from petition.links.models import LinkPurpose
from petition.web.forms.draft_budget import may_begin_a_letter
from petition.web.public.letters.details import (
    letter_details,
    office_of,
    times_of,
)
from petition.web.public.letters.letter_page import offices_for, page_of_text
from petition.web.words.answers import answer_words

ON_THE_WAY = {LetterState.QUEUED, LetterState.SENDING}

blueprint = Blueprint("managing", __name__, url_prefix="/letters/manage/<token>")


def letter_of(token: str) -> Letter:
    """Return the letter that this link is about. Raises LinkError."""
    return LETTER_LINKS.open(token, LinkPurpose.MANAGE, now())


@blueprint.get("")
def show(lang: str, token: str) -> ResponseReturnValue:
    """Show where the letter is, what we hold, and what can be done."""
    link = LETTER_LINKS.opened(token, LinkPurpose.MANAGE, now())
    letter = link.thing
    written, text = if_whole(letter.opened), text_with_its_campaign(letter.text_id)
    page, office = page_of_text(text), office_of(letter)

    def address(endpoint: str) -> str:
        return url_for(f".{endpoint}", lang=lang, token=token)

    return render_template(
        "public/letters/managing/show.html",
        letter=page,
        office=office,
        notice=_done(letter, request.args.get("done", ""), is_halted=page.is_halted),
        times=times_of(letter, is_halted=page.is_halted),
        details=letter_details(letter, written, office),
        written=written,
        expires_at=link.expires_at,
        answers=[SelectChoice(one.value, answer_words(one)) for one in Answer],
        answer_action=address("answer") if letter.state == LetterState.SENT else None,
        stop_action=address("stop") if letter.state == LetterState.QUEUED else None,
        erase_words_action=address("erase_words") if _may_erase(letter) else None,
        again_action=address("again") if written and _may_go_on(text, written) else None,
        never_left=letter.sent_at is None and letter.state not in ON_THE_WAY,
    )


def _may_erase(letter: Letter) -> bool:
    is_somewhere_else = letter.state in {LetterState.AWAITING, LetterState.SENDING}
    return letter.content is not None and not is_somewhere_else


def _may_go_on(text: LetterText, written: Written) -> bool:
    """Whether there is another office that this letter's writer could write to now."""
    return page_of_text(text).is_open and len(offices_for(text.version, written.writer)) > 1


def _done(letter: Letter, done: str, *, is_halted: bool) -> str | None:
    """Return what to announce as done, if it is true of the letter."""
    waits = letter.state == LetterState.QUEUED and (letter.on_hold or is_halted)
    if done == "confirmed" and waits:
        return _("Thank you. Your letter is confirmed.")
    if done == "confirmed" and letter.state in ON_THE_WAY:
        return _("Thank you. Your letter is confirmed and will leave.")
    if done == "stop" and letter.state == LetterState.STOPPED:
        return _("Your letter is stopped. It does not leave.")
    if done == "scrub" and letter.content is None:
        return _("Your words and your name are deleted. What stays is that a letter was written.")
    if done == "answer" and letter.answer is not None:
        return _("Saved. Thank you for telling us.")
    return None


@blueprint.get("/<any(stop,scrub,answer,again):_verb>")
def back(lang: str, token: str, _verb: str) -> ResponseReturnValue:
    """Lead whoever opens the address of a button to the page with the button."""
    return redirect(url_for(".show", lang=lang, token=token), 303)


@blueprint.post("/stop")
def stop(lang: str, token: str) -> ResponseReturnValue:
    """Keep the letter from leaving, if it has not left."""
    return _do(lang, token, "stop", lambda letter: decisions.stop(letter, now()))


@blueprint.post("/scrub")
def erase_words(lang: str, token: str) -> ResponseReturnValue:
    """Delete the words and the writer."""
    return _do(lang, token, "scrub", lambda letter: removals.erase_words(letter, now()))


@blueprint.post("/answer")
def answer(lang: str, token: str) -> ResponseReturnValue:
    """Note what the writer says about the office's answer."""
    try:
        said = Answer(request.form.get("answer", ""))
    except ValueError:
        abort(400)
    return _do(lang, token, "answer", lambda letter: answers.note_answer(letter, said, now()))


def _do(lang: str, token: str, verb: str, act: Callable[[Letter], None]) -> ResponseReturnValue:
    try:
        with transaction():
            act(LETTER_LINKS.open(token, LinkPurpose.MANAGE, now(), to_change=True))
    except decisions.TooLate:
        return redirect(url_for(".show", lang=lang, token=token), 303)
    return redirect(url_for(".show", lang=lang, token=token, done=verb), 303)


@blueprint.post("/again")
def again(lang: str, token: str) -> ResponseReturnValue:
    """Begin a letter to another office, for a writer who types nothing twice."""
    letter = letter_of(token)
    written = letter.opened()
    text = text_with_its_campaign(letter.text_id)
    if written is None or not _may_go_on(text, written):
        return redirect(url_for(".show", lang=lang, token=token), 303)
    if not may_begin_a_letter():
        abort(429)
    present = text.version.letter_campaign.version.text_in(text.language)
    offices = offices_for(present.version, written.writer)
    next_one = next((one.id for one in offices if one.id != letter.recipient_id), None)
    with transaction():
        draft = drafts.begin(present.id, Draft(written.writer, recipient_id=next_one), now())
    return redirect(url_for("public.letters.writing.ask", lang=lang, token=draft), 303)
