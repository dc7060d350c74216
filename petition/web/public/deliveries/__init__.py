"""Deliveries: what was handed over, to whom, and what was answered."""

from flask import Blueprint

from petition.web.public.deliveries import reading, verifying

deliveries = Blueprint("deliveries", __name__)
for part in (reading, verifying):
    deliveries.register_blueprint(part.blueprint)
