"""Whose request this is: the token in the cookie, and the session on the server behind it."""

from typing import Any, NamedTuple, cast

from flask import g
from flask import session as cookie

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import sessions
from petition.organisers.models import Organiser, OrganiserSession
from petition.organisers.permissions import Permission, may

DESTINATION = "destination"
LONGEST_DESTINATION = 500
TOKEN = "token"  # noqa: S105 - the name of the secret, not the secret


class Here(NamedTuple):
    """A live session and whose it is."""

    session: OrganiserSession
    organiser: Organiser


def recognise() -> Here | None:
    """Find out whose request this is, and note that the session was used."""
    g.here = None
    token = cookie.get(TOKEN)
    found = sessions.find(token, now()) if isinstance(token, str) else None
    if found is None:
        return None
    g.here = Here(*found)
    if sessions.needs_noting(g.here.session, now()):
        with transaction():
            sessions.note_seen(g.here.session, now())
    return cast("Here", g.here)


def present() -> Here:
    """Return whose request this is, behind the guard."""
    return cast("Here", g.here)


def is_begun() -> bool:
    """Whether somebody is here, be it after the first step only."""
    return g.get("here") is not None


def is_whole() -> bool:
    """Whether somebody is here with both steps of the login behind them."""
    return is_begun() and present().session.second_factor


def head_for(path: str) -> None:
    """Remember the page of this door that asked for a login."""
    if len(path) <= LONGEST_DESTINATION and path.isprintable():
        cookie[DESTINATION] = path


def arrive() -> str | None:
    """Forget the page that asked for the login, and return it; never one of another door."""
    path = cookie.pop(DESTINATION, None)
    ours = isinstance(path, str) and path.startswith("/organiser/")
    return cast("str", path) if ours else None


def carry(token: str) -> None:
    """Put a new session in the cookie; of the one before, only where it was heading stays."""
    heading = arrive()
    cookie.clear()
    if heading is not None:
        cookie[DESTINATION] = heading
    g.pop("csrf_token", None)  # a page made by this very request needs the new session's
    cookie[TOKEN] = token


def leave() -> None:
    """Take everything out of the cookie."""
    cookie.clear()


def for_templates() -> dict[str, Any]:
    """Return who is here, by name, what they may do, and whether grave things ask for a code."""
    who = present().organiser if is_begun() else None

    def allowed(name: str) -> bool:
        return who is not None and is_whole() and may(who.role, Permission(name))

    return {
        "organiser": who and who.identity_if_whole,
        "may": allowed,
        "asks_for_codes": who is not None and who.has_authenticator,
    }
