"""Deliveries: what is planned, handed over and answered, and the record of each."""

from flask import Blueprint

from petition.web.organiser.deliveries import (
    files,
    listing,
    packs,
    planning,
    recording,
    samples,
    standings,
)

deliveries = Blueprint("deliveries", __name__)
for part in (listing, planning, recording, packs, files, samples, standings):
    deliveries.register_blueprint(part.blueprint)
