"""The door for those who develop or try the software: it opens on this machine only."""

from flask import Blueprint, abort, request

from petition.web.development import mailbox, styleguide
from petition.web.site.settings import settings

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")

development = Blueprint("development", __name__)
for part in (mailbox, styleguide):
    development.register_blueprint(part.blueprint)


@development.before_request
def only_this_machine() -> None:
    """Refuse everybody who does not sit at this machine, also behind a proxy on it."""
    forwarded = any(name in request.headers for name in FORWARDED)
    near = request.remote_addr in {"127.0.0.1", "::1"} and settings().on_loopback
    if forwarded or not near:
        abort(404)
