"""One's own account: joining, logging in, sessions, recovery codes."""

from flask import Blueprint

from petition.web.organiser.account import joining, logging_in, recovery, sessions

account = Blueprint("account", __name__)
for part in (logging_in, joining, sessions, recovery):
    account.register_blueprint(part.blueprint)
