"""The switch that keeps everything of a letter campaign from leaving."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.letters.campaigns import halting
from petition.letters.campaigns.models import LetterCampaign
from petition.letters.campaigns.queries import letter_campaign_to_change
from petition.web.organiser.door import session
from petition.web.organiser.door.noting import note
from petition.web.site.formats import long_datetime

blueprint = Blueprint("halting", __name__, url_prefix="/letters/<slug:slug>")


def _to_change_or_404(slug: str) -> LetterCampaign:
    """Return the letter campaign, locked until the transaction ends."""
    found = letter_campaign_to_change(slug)
    if found is None:
        abort(404)
    return found


@blueprint.post("/stop")
def halt(slug: str) -> ResponseReturnValue:
    """Let nothing of this letter campaign leave any more."""
    organiser = session.present().organiser
    with transaction():
        before = halting.halt(_to_change_or_404(slug), organiser.id, now())
        if before is None:
            note(Act.LETTERS_HALTED, letter_campaign=slug)
    if before is None:
        flash(_("This letter is stopped. Nothing of it leaves any more."), "success")
    else:
        when = long_datetime(before.stopped_at)
        flash(_("Somebody has stopped it already, on %(when)s.", when=when), "info")
    return _back(slug)


@blueprint.post("/resume")
def resume(slug: str) -> ResponseReturnValue:
    """Let letters leave again."""
    organiser = session.present().organiser
    with transaction():
        was_halted = halting.resume(_to_change_or_404(slug), organiser.id, now())
        if was_halted:
            note(Act.LETTERS_RESUMED, letter_campaign=slug)
    if was_halted:
        flash(_("Letters leave again, in the working hours of their offices."), "success")
    else:
        flash(_("Somebody has resumed it already."), "info")
    return _back(slug)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("organiser.letters.campaigns.show", slug=slug), 303)
