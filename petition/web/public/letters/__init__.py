"""Letters: choose one, make it one's own, confirm it, see what became of it."""

from flask import Blueprint

from petition.web.public.letters import (
    about,
    confirming,
    files,
    handing_in,
    managing,
    reading,
    writing,
)

letters = Blueprint("letters", __name__)
for part in (reading, writing, files, handing_in, confirming, managing, about):
    letters.register_blueprint(part.blueprint)
