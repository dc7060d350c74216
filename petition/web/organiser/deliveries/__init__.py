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
    telling,
    withdrawals,
)

deliveries = Blueprint("deliveries", __name__)
PARTS = (
    *(listing, planning, recording, packs),
    *(files, samples, standings, telling, withdrawals),
)
for part in PARTS:
    deliveries.register_blueprint(part.blueprint)
