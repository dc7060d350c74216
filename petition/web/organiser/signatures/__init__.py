"""Petitions and their signatures: reading, deciding, exporting."""

from flask import Blueprint

from petition.web.organiser.signatures import (
    deciding,
    export_files,
    export_previews,
    exports,
    petitions,
    reading,
)

signatures = Blueprint("signatures", __name__)
for part in (petitions, reading, deciding, exports, export_previews, export_files):
    signatures.register_blueprint(part.blueprint)
