"""The door for everyone: read, sign, confirm, manage. No cookies, no accounts."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from petition.web.languages import preferred_language
from petition.web.public import (
    campaigns,
    cards,
    confirming,
    embedding,
    events,
    gaps,
    managing,
    numbers,
    partners,
    petitions,
    privacy,
    reports,
    sharing,
    sheets,
    signing,
)

public = Blueprint("public", __name__)
for part in (
    *(campaigns, cards, gaps, petitions, numbers, sharing, sheets),
    *(signing, embedding, confirming, managing),
    *(events, reports, partners, privacy),
):
    public.register_blueprint(part.blueprint, url_prefix="/<language:lang>")


@public.get("/")
def choose_language() -> ResponseReturnValue:
    """Lead to the campaign in the visitor's language."""
    return redirect(url_for("public.campaigns.show", lang=preferred_language()))


@public.get("/p/<slug:slug>")
def short_link(slug: str) -> ResponseReturnValue:
    """Lead to a petition in the visitor's language."""
    return redirect(url_for("public.petitions.show", lang=preferred_language(), slug=slug))
