"""The door for organisers: sessions, forms with CSRF tokens, and one guard for every page."""

from flask import Blueprint

from petition.organisers.sessions import SessionEnded
from petition.web.organiser import (
    account,
    audit,
    exports,
    guard,
    joining,
    letters,
    petitions,
    recipients,
    recovery,
    signatures,
    visits,
    waiting_letters,
)

organiser = Blueprint("organiser", __name__, url_prefix="/organiser")
organiser.record_once(lambda state: guard.csrf.init_app(state.app))
organiser.before_request(guard.keep_the_door)
organiser.register_error_handler(SessionEnded, guard.lead_to_login)
organiser.context_processor(visits.for_templates)
for part in (
    *(account, joining, recovery, petitions, signatures, exports),
    *(letters, waiting_letters, recipients, audit),
):
    organiser.register_blueprint(part.blueprint)
