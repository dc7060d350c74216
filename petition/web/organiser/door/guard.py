"""The guard: asks every request to this door who it is from and what it is for."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from petition.organisers.permissions import Permission, may
from petition.organisers.sessions import SessionEnded
from petition.web.organiser.door import session
from petition.web.organiser.door.access import ACCESS, TAKES_FILES, Door
from petition.web.site.settings import settings
from petition.web.site.uploads import LARGEST_UPLOAD

csrf = CSRFProtect()
CSRF_FIELD = Markup('<input type="hidden" name="csrf_token" value="'), Markup('">')
"""What stands around the token; without an id, so that a page may hold many."""


def keep_the_door() -> ResponseReturnValue | None:
    """Let the request through, lead it to the login, or refuse it with 400, 403 or 404."""
    asked = ACCESS.get(str(request.endpoint))
    if asked is None:
        abort(403)
    if _may_bring_a_file(asked):
        request.max_content_length = LARGEST_UPLOAD
    csrf.protect()
    here = session.recognise()
    if asked is Door.ANYONE:
        return None
    if here is None:
        if request.method == "GET" and asked is not Door.FIRST_STEP:
            session.head_for(request.full_path.rstrip("?"))
        return redirect(url_for("organiser.account.logging_in.login"), 303)
    if asked is Door.FIRST_STEP:
        return None
    missing = missing_step(here)
    if missing is not None:
        return redirect(url_for(missing), 303)
    if asked is not Door.SIGNED_IN and not may(here.organiser.role, asked):
        abort(403)
    return None


def _may_bring_a_file(asked: Door | Permission) -> bool:
    """Whether a post is read though it is larger than a form: first it is known whose it is."""
    if request.endpoint not in TAKES_FILES or request.method != "POST":
        return False
    here = session.recognise()
    if here is None or missing_step(here) is not None:
        return False
    return isinstance(asked, Permission) and may(here.organiser.role, asked)


def csrf_field() -> Markup:
    """Return the proof that a form is ours, as forms of this door carry it."""
    before, after = CSRF_FIELD
    return before + str(generate_csrf()) + after


def lead_to_login(_ended: SessionEnded) -> ResponseReturnValue:
    """Answer a request whose session was ended while it was under way."""
    session.leave()
    return redirect(url_for("organiser.account.logging_in.login"), 303)


def missing_step(here: session.Here) -> str | None:
    """Return the endpoint of the step that this login still lacks, if it does."""
    if here.organiser.has_authenticator:
        return None if here.session.second_factor else "organiser.account.logging_in.code"
    if here.session.second_factor and settings().on_loopback:
        return None
    return "organiser.account.joining.enrol"
