"""One's own account: joining, logging in, sessions, recovery codes."""

from flask import Blueprint

from petition.web.organiser.account import joining, logging_in, news, recovery, sessions

account = Blueprint("account", __name__)
for part in (logging_in, joining, sessions, recovery, news):
    account.register_blueprint(part.blueprint)
