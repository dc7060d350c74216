"""Letters: how they stand, what waits for a person, and to whom they go."""

from flask import Blueprint

from petition.web.organiser.letters import campaigns, halting, recipients, waiting

letters = Blueprint("letters", __name__)
for part in (campaigns, halting, waiting, recipients):
    letters.register_blueprint(part.blueprint)
