"""Deliveries: what is planned, handed over and answered, and the record of each."""

from flask import Blueprint

from petition.web.organiser.deliveries import (
    listing,
    packs,
    planning,
    recording,
    standings,
    telling,
    withdrawals,
)

deliveries = Blueprint("deliveries", __name__)
for part in (listing, planning, recording, packs, standings, telling, withdrawals):
    deliveries.register_blueprint(part.blueprint)
