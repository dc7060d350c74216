"""What campaigns hold: so far, taking the sample away."""

from flask import Blueprint

from petition.web.organiser.writing import sample

writing = Blueprint("writing", __name__)
for part in (sample,):
    writing.register_blueprint(part.blueprint)
