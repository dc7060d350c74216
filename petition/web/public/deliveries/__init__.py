"""Deliveries: what was handed over, to whom, and what was answered."""

from flask import Blueprint

from petition.web.public.deliveries import files, reading, verifying

deliveries = Blueprint("deliveries", __name__)
for part in (reading, files, verifying):
    deliveries.register_blueprint(part.blueprint)
