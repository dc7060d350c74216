"""Petitions: read one, sign it, confirm it, see to one's signature."""

from flask import Blueprint

from petition.web.public.petitions import (
    confirming,
    embedding,
    managing,
    numbers,
    reading,
    sharing,
    sheets,
    signing,
    social_cards,
)

petitions = Blueprint("petitions", __name__)
for part in (
    *(reading, numbers, sharing, social_cards, sheets),
    *(signing, embedding, confirming, managing),
):
    petitions.register_blueprint(part.blueprint)
