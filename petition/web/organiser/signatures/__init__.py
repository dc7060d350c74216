"""Petitions and their signatures: reading, deciding, exporting."""

from flask import Blueprint

from petition.web.organiser.signatures import deciding, exports, petitions, reading

signatures = Blueprint("signatures", __name__)
for part in (petitions, reading, deciding, exports):
    signatures.register_blueprint(part.blueprint)
