"""What bears a delivery out: receipts, pictures and answers as files, and checked samples."""

from flask import Blueprint

from petition.web.organiser.evidence import files, samples

evidence = Blueprint("evidence", __name__)
for part in (files, samples):
    evidence.register_blueprint(part.blueprint)
