"""The door for organisers: sessions, forms with CSRF tokens, and one guard for every page."""

from flask import Blueprint

from petition.organisers.sessions import SessionEnded
from petition.web.organiser import (
    account,
    exports,
    guard,
    joining,
    petitions,
    recipients,
    recovery,
    signatures,
    styleguide,
    visits,
)

organiser = Blueprint("organiser", __name__, url_prefix="/organiser")
organiser.record_once(lambda state: guard.csrf.init_app(state.app))
organiser.before_request(guard.keep_the_door)
organiser.register_error_handler(SessionEnded, guard.lead_to_login)
organiser.context_processor(visits.for_templates)
PARTS = (account, joining, recovery, petitions, signatures, exports, recipients, styleguide)
for part in PARTS:
    organiser.register_blueprint(part.blueprint)
