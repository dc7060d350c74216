"""The page behind the link of a mail about a letter. Only its button lets the letter leave."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.errors import LinkUnknown
from petition.core.storage.database import transaction
from petition.letters import actions
from petition.letters.letter.links import to_be_confirmed
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.written import Written
from petition.links.models import LinkPurpose
from petition.outbox.origins import LETTER
from petition.web.public.letters.details import letter_details, office_of, page_of_letter
from petition.web.site.languages import page_in_each_language

blueprint = Blueprint("confirming", __name__, url_prefix="/letters/confirm/<token>")


@blueprint.get("")
def show(lang: str, token: str) -> ResponseReturnValue:
    """Show the letter that would leave, or, some minutes after its button, the way to it."""
    found = to_be_confirmed(token, now())
    letter = found.thing
    if letter.state != LetterState.AWAITING:
        return render_template(
            "public/petitions/confirming/again.html",
            title=_("Your letter is confirmed"),
            way_on=_("Show where my letter is"),
            form_action=url_for(".confirm", lang=lang, token=token),
        )
    written, office = written_or_unknown(letter), office_of(letter)
    return render_template(
        "public/letters/confirming/show.html",
        letter=page_of_letter(letter),
        office=office,
        details=letter_details(letter, written, office),
        subject=written.subject,
        body=written.body,
        expires_at=found.expires_at,
        form_action=url_for(".confirm", lang=lang, token=token),
        decline_action=url_for(".decline", lang=lang, token=token),
    )


def written_or_unknown(letter: Letter) -> Written:
    """Return what was written. Raises LinkUnknown once its words are gone."""
    written = letter.opened()
    if written is None:
        raise LinkUnknown(LETTER, LinkPurpose.CONFIRM)
    return written


@blueprint.post("")
def confirm(lang: str, token: str) -> ResponseReturnValue:
    """Let the letter leave."""
    with transaction():
        manage_token = actions.confirm(token, now())
    page = url_for("public.letters.managing.show", lang=lang, token=manage_token, done="confirmed")
    return redirect(page, 303)


@blueprint.get("/decline")
def back(lang: str, token: str) -> ResponseReturnValue:
    """Lead whoever opens the address of the second button to the page with the buttons."""
    return redirect(url_for(".show", lang=lang, token=token), 303)


@blueprint.post("/decline")
def decline(lang: str, token: str) -> ResponseReturnValue:
    """Erase what somebody noted under an address that is not theirs, or thought better of."""
    with transaction():
        actions.decline(token, now())
    languages = page_in_each_language("public.month.campaign.show")
    return render_template("public/letters/confirming/declined.html", languages=languages)
