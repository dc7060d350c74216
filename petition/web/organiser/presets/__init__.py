"""Presets that the team makes for its own exports: making, copying, changing, retiring."""

from flask import Blueprint

from petition.web.organiser.presets import listing, writing

presets = Blueprint("presets", __name__, url_prefix="/presets")
for part in (listing, writing):
    presets.register_blueprint(part.blueprint)
