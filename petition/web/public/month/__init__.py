"""The month around the acts: the campaign, its gaps, events, reports and partners."""

from flask import Blueprint

from petition.web.public.month import (
    campaign,
    events,
    gaps,
    partners,
    reports,
)

month = Blueprint("month", __name__)
for part in (campaign, gaps, events, reports, partners):
    month.register_blueprint(part.blueprint)
