"""The door for organisers: sessions, forms with CSRF tokens, and one guard for every page."""

from typing import cast

from flask import Blueprint, Flask

from petition.organisers.sessions import SessionEnded
from petition.web.organiser.account import account
from petition.web.organiser.deliveries import deliveries
from petition.web.organiser.deliveries.packs import ready_packs
from petition.web.organiser.door import guard, ready_files, session
from petition.web.organiser.evidence import evidence
from petition.web.organiser.letters import letters
from petition.web.organiser.presets import presets
from petition.web.organiser.signatures import signatures
from petition.web.organiser.signatures.export_files import ready_exports
from petition.web.organiser.team import team
from petition.web.organiser.writing import writing
from petition.web.site.uploads import know_organisers

organiser = Blueprint("organiser", __name__, url_prefix="/organiser")
organiser.record_once(lambda state: guard.csrf.init_app(state.app))
organiser.record_once(lambda state: know_organisers(cast("Flask", state.app), session.TOKEN))
organiser.add_app_template_global(guard.csrf_field, "csrf")
organiser.before_request(guard.keep_the_door)
organiser.register_error_handler(SessionEnded, guard.lead_to_login)
organiser.context_processor(session.for_templates)
organiser.context_processor(ready_files.for_templates(ready_exports, ready_packs))
for wing in (account, writing, signatures, presets, letters, deliveries, evidence, team):
    organiser.register_blueprint(wing)
