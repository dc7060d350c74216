"""The end of writing: we take the letter to send it, or note that its writer has sent it.

The answer to a letter handed in leads to a page of its draft, which knows the address that was
typed: one may come back to it, and no address is in a URL. It is the same to everyone.
"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.core.tokens import digest
from petition.letters.arriving import ArrivedLetter
from petition.letters.drafting import drafts
from petition.letters.letter.written import Written
from petition.letters.sent_elsewhere import note_sent_elsewhere
from petition.recipients.models import Channel
from petition.web.forms.networks import present_network_code
from petition.web.public.letters.forms import SendForm
from petition.web.public.letters.open_draft import AddressedDraft, OpenDraft, open_draft
from petition.web.site.languages import present_language

blueprint = Blueprint("handing_in", __name__, url_prefix="/letters/draft/<token>")


@blueprint.post("/send")
def send(lang: str, token: str) -> ResponseReturnValue:
    """Take the letter and ask its writer to confirm it."""
    here = open_draft(token)
    there = here.addressed()
    if there is None:
        return _back(here, "ask")
    if not there.takes(Channel.EMAIL):
        abort(404)
    reply_allowed = bool(SendForm().reply_allowed.data)
    if not here.page.is_open:
        return _back(here.keep(reply_allowed=reply_allowed), "preview")
    here = here.changed(reply_allowed=reply_allowed, is_handed_in=True)
    letter, at = _arrived(there, reply_allowed=reply_allowed), now()
    with transaction():
        drafts.keep(here.token, here.draft, at)  # first: who moves or forgets it waits
        letter.append(at, draft_hash=digest(here.token))
    return redirect(url_for(".check_inbox", lang=lang, token=here.token), 303)


@blueprint.get("/send")
def check_inbox(lang: str, token: str) -> ResponseReturnValue:
    """Ask to look in the inbox; lead whoever has handed in nothing to the page with the button."""
    here = open_draft(token)
    there = here.addressed()
    if there is None or not here.draft.is_handed_in:
        return _back(here, "preview")
    return render_template(
        "public/letters/handing_in/check_inbox.html",
        letter=here.page,
        office=there.named.office_in(lang),
        address=here.draft.writer.email,
        you_url=url_for("public.letters.writing.you", lang=lang, token=token),
        send_action=url_for(".send", lang=lang, token=token),
        reply_allowed=here.draft.reply_allowed,
    )


def _arrived(there: AddressedDraft, *, reply_allowed: bool) -> ArrivedLetter:
    draft = there.here.draft
    return ArrivedLetter(
        text_id=there.here.text.id,
        recipient_id=there.office.id,
        written=Written(draft.writer, there.subject, there.body, reply_allowed=reply_allowed),
        language=present_language(),
        is_suspect=draft.is_suspect,
        network=present_network_code(),
    )


@blueprint.post("/told")
def sent_elsewhere(lang: str, token: str) -> ResponseReturnValue:
    """Note that the writer has sent the letter another way, as they say; erase the draft."""
    here = open_draft(token)
    there = here.addressed()
    if there is None:
        return _back(here, "ask")
    try:
        channel = Channel(request.form.get("channel", ""))
    except ValueError:
        abort(400)
    if not there.takes(channel):
        abort(400)
    if not here.page.is_open:
        return _back(here, "preview")
    with transaction():
        note_sent_elsewhere(
            here.text.letter_campaign_id,
            there.office.id,
            here.draft.writer.email,
            channel,
            now(),
            draft_hash=digest(token),
        )
    return render_template(
        "public/letters/handing_in/sent_elsewhere.html",
        letter=here.page,
        office=there.named.office_in(lang),
    )


@blueprint.get("/told")
def back(lang: str, token: str) -> ResponseReturnValue:
    """Lead whoever opens the address of a button to the page with the button."""
    return redirect(url_for("public.letters.writing.preview", lang=lang, token=token), 303)


def _back(here: OpenDraft, step: str) -> ResponseReturnValue:
    address = url_for(f"public.letters.writing.{step}", lang=present_language(), token=here.token)
    return redirect(address, 303)
