"""Where one is logged in, and how one of these sessions is ended, or all."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import recovery_codes, sessions
from petition.web.organiser.door import session
from petition.web.organiser.door.noting import note

blueprint = Blueprint("sessions", __name__, url_prefix="/sessions")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show where one is logged in, and how many recovery codes are left."""
    here = session.present()
    return render_template(
        "organiser/account/sessions/index.html",
        email=here.organiser.identity_if_whole.email,
        sessions=sessions.live(here.organiser.id, now()),
        here=here.session.token_hash,
        has_authenticator=here.organiser.has_authenticator,
        codes_left=recovery_codes.left(here.organiser.id),
    )


@blueprint.post("/end")
def end() -> ResponseReturnValue:
    """End one of one's own sessions."""
    here = session.present()
    try:
        token_hash = bytes.fromhex(request.form.get("session", ""))
    except ValueError:
        token_hash = b""
    with transaction():
        if sessions.end(here.organiser.id, token_hash, now()):
            note(Act.SESSION_ENDED)
    if token_hash == here.session.token_hash:
        session.leave()
    flash(_("That session is ended."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/end-all")
def end_all() -> ResponseReturnValue:
    """End all of one's own sessions, this one included."""
    with transaction():
        sessions.end_all(session.present().organiser.id, now())
        note(Act.SESSIONS_ENDED)
    session.leave()
    return redirect(url_for("organiser.account.logging_in.login"), 303)
