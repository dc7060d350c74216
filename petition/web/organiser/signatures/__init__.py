"""Petitions and their signatures: reading, deciding, exporting."""

from flask import Blueprint

from petition.web.organiser.signatures import (
    deciding,
    export_changes,
    export_files,
    exports,
    petitions,
    reading,
)

signatures = Blueprint("signatures", __name__)
for part in (petitions, reading, deciding, exports, export_files, export_changes):
    signatures.register_blueprint(part.blueprint)
