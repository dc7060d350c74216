"""`/.well-known/security.txt`: where somebody who has found a hole tells us of it (RFC 9116)."""

from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, Response, abort

from petition.core.clock import now
from petition.core.i18n import DEFAULT_LANGUAGE
from petition.web.site.settings import settings

GOOD_FOR = timedelta(days=180)
"""Less than the year that section 2.5.5 recommends at most."""
KEPT_SECONDS = 3600

security_txt = Blueprint("security_txt", __name__)


@security_txt.get("/.well-known/security.txt")
def show() -> Response:
    """Tell the contact, where the install has one. The same all day long, so that it is kept."""
    config = settings()
    if not config.security_contact:
        abort(404)
    expires = datetime.combine(now().date(), time(), UTC) + GOOD_FOR
    lines = [
        f"Contact: {config.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {DEFAULT_LANGUAGE}",
    ]
    if config.on_tls:  # section 2.5.2: an address of the web begins with https://
        lines.append(f"Canonical: {config.url}/.well-known/security.txt")
    answer = Response("\n".join([*lines, ""]), mimetype="text/plain")
    answer.cache_control.public = True
    answer.cache_control.max_age = KEPT_SECONDS
    return answer
