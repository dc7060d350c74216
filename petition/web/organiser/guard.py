"""The guard: asks every request to this door who it is from and what it is for."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from petition.organisers.permissions import may
from petition.organisers.sessions import SessionEnded
from petition.web.organiser import visits
from petition.web.organiser.access import ACCESS, Door
from petition.web.site.settings import settings

csrf = CSRFProtect()


def keep_the_door() -> ResponseReturnValue | None:
    """Let the request through, lead it to the login, or refuse it with 400, 403 or 404."""
    asked = ACCESS.get(str(request.endpoint))
    if asked is None:
        abort(403)
    csrf.protect()
    visit = visits.recognise()
    if asked is Door.ANYONE:
        return None
    if visit is None:
        if request.method == "GET" and asked is not Door.FIRST_STEP:
            visits.head_for(request.full_path.rstrip("?"))
        return redirect(url_for("organiser.account.login"), 303)
    if asked is Door.FIRST_STEP:
        return None
    missing = missing_step(visit)
    if missing is not None:
        return redirect(url_for(missing), 303)
    if asked is not Door.SIGNED_IN and not may(visit.organiser.role, asked):
        abort(403)
    return None


def lead_to_login(_ended: SessionEnded) -> ResponseReturnValue:
    """Answer a request whose session was ended while it was under way."""
    visits.leave()
    return redirect(url_for("organiser.account.login"), 303)


def missing_step(visit: visits.Visit) -> str | None:
    """Return the endpoint of the step that this login still lacks, if it does."""
    if visit.organiser.has_authenticator:
        return None if visit.session.second_factor else "organiser.account.code"
    if visit.session.second_factor and settings().on_loopback:
        return None
    return "organiser.joining.enrol"
