"""Deliveries: what was handed over, to whom, and what was answered."""

from flask import Blueprint

from petition.web.public.deliveries import files, reading

deliveries = Blueprint("deliveries", __name__)
for part in (reading, files):
    deliveries.register_blueprint(part.blueprint)
