"""Which requests bring a file, and from whom: they alone may be larger than a form."""

import re
from collections.abc import Callable

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature
from werkzeug.http import parse_cookie

LARGEST_FILE = 10 * 1024 * 1024
"""In octets: what a page takes."""
LARGEST_UPLOAD = 12 * 1024 * 1024
"""Of a whole request: a file that is a little too large is told so beside its field."""
TOO_LARGE = (
    "That file is too large",
    "It may have 10 MB at most, and nothing of it was kept. Make it smaller, or choose another.",
)
"""Title and words of an error page. Organisers alone bring files, and read English."""
_brings_file = re.compile(rb"POST /organiser/deliveries/[0-9]{1,19}/steps/[0-9]{1,19}/file ")
Known = Callable[[str], bool]


def _nobody(_cookies: str) -> bool:
    return False


_is_known: Known = _nobody
"""Whether cookies are those of somebody who has logged in, as far as they say themselves."""


def brings_file(head: bytes) -> bool:
    """Whether a request's head begins as that of one to a page that takes a file."""
    return _brings_file.match(head) is not None


def may_be_organiser(cookies: bytes) -> bool:
    """Whether what is sent with these cookies may be collected to its end.

    We have signed that they logged in once; whether they still may is asked at the door.
    """
    return _is_known(cookies.decode("latin-1"))


def know_organisers(app: Flask, token: str) -> None:
    """Let this process know who has logged in: their cookie, signed by `app`, has a `token`."""
    global _is_known

    def is_known(cookies: str) -> bool:
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        try:
            value = parse_cookie(cookies).get(app.config["SESSION_COOKIE_NAME"])
            if signer is None or not value:
                return False
            return token in signer.loads(value, max_age=_lifetime(app))
        except (BadSignature, ValueError):
            return False

    _is_known = is_known


def _lifetime(app: Flask) -> int:
    return int(app.permanent_session_lifetime.total_seconds())
