"""The door for everyone: read, sign, confirm, manage. No cookies, no accounts."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from petition.web.languages import preferred_language
from petition.web.public import (
    campaigns,
    confirming,
    managing,
    numbers,
    petitions,
    privacy,
    signing,
)

public = Blueprint("public", __name__)
for part in (campaigns, petitions, numbers, signing, confirming, managing, privacy):
    public.register_blueprint(part.blueprint, url_prefix="/<language:lang>")


@public.get("/")
def choose_language() -> ResponseReturnValue:
    """Lead to the campaign in the visitor's language."""
    target = url_for("public.campaigns.show", lang=preferred_language())
    answer = redirect(target)
    answer.vary.add("Accept-Language")
    return answer


@public.get("/p/<slug:slug>")
def short_link(slug: str) -> ResponseReturnValue:
    """Lead to a petition in the visitor's language."""
    target = url_for("public.petitions.show", lang=preferred_language(), slug=slug)
    answer = redirect(target)
    answer.vary.add("Accept-Language")
    return answer
