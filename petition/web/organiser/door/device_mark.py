"""The mark of a browser in which somebody has once logged in as a whole.

Its tries are counted for itself: whoever guesses at an account from elsewhere slows its owner down
no longer (owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

import secrets
from datetime import timedelta

from flask import Response, after_this_request, request
from itsdangerous import BadSignature, TimestampSigner

from petition.core.keyring.sealing import signing_key
from petition.web.site.cookies import ORGANISERS
from petition.web.site.settings import settings

REMEMBERED = timedelta(days=180)
NAME = "known-browser"


def remember(email_tag: bytes) -> None:
    """Mark the browser that is being answered as one of this organiser's."""
    mark = _signer(email_tag).sign(secrets.token_urlsafe(16)).decode()

    @after_this_request
    def set_mark(response: Response) -> Response:
        response.set_cookie(
            _name(),
            mark,
            max_age=REMEMBERED,
            path=ORGANISERS,
            secure=settings().on_tls,
            httponly=True,
            samesite="Strict",
        )
        return response


def mark_of(email_tag: bytes) -> str | None:
    """Return the mark by which this organiser's browser is known; None for any other browser."""
    try:
        found = _signer(email_tag).unsign(
            request.cookies.get(_name(), ""), max_age=int(REMEMBERED.total_seconds())
        )
    except BadSignature:
        return None
    return found.decode()


def _name() -> str:
    return f"__Secure-{NAME}" if settings().on_tls else NAME


def _signer(email_tag: bytes) -> TimestampSigner:
    return TimestampSigner(signing_key(), salt=f"{NAME}:{email_tag.hex()}")
