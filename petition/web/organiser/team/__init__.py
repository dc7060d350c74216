"""What organisers do, as owners and auditors read it."""

from flask import Blueprint

from petition.web.organiser.team import audit

team = Blueprint("team", __name__)
for part in (audit,):
    team.register_blueprint(part.blueprint)
