"""The door for everyone: read, sign, confirm, manage. No cookies, no accounts."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from petition.web.languages import preferred_language
from petition.web.public import (
    about_letter,
    campaigns,
    cards,
    confirming,
    embedding,
    events,
    gaps,
    handing_in,
    letter_confirming,
    letter_files,
    letter_managing,
    letters,
    managing,
    numbers,
    partners,
    petitions,
    privacy,
    reports,
    sections,
    sharing,
    sheets,
    signing,
    writing,
)

public = Blueprint("public", __name__)
public.context_processor(sections.present_section)
for part in (
    *(campaigns, cards, gaps, petitions, numbers, sharing, sheets),
    *(signing, embedding, confirming, managing),
    *(letters, writing, letter_files, handing_in, letter_confirming, letter_managing),
    *(events, reports, partners, privacy, about_letter),
):
    below = part.blueprint.url_prefix or ""
    public.register_blueprint(part.blueprint, url_prefix=f"/<language:lang>{below}")


@public.get("/")
def choose_language() -> ResponseReturnValue:
    """Lead to the campaign in the visitor's language."""
    return redirect(url_for("public.campaigns.show", lang=preferred_language()))


@public.get("/p/<slug:slug>")
def short_link(slug: str) -> ResponseReturnValue:
    """Lead to a petition in the visitor's language."""
    return redirect(url_for("public.petitions.show", lang=preferred_language(), slug=slug))
