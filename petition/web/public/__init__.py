"""The door for everyone: read, sign, confirm, manage. No cookies, no accounts."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from petition.signatures.sources import NAMED, as_source
from petition.web.public import privacy, sections, unsubscribing
from petition.web.public.deliveries import deliveries
from petition.web.public.letters import letters
from petition.web.public.month import month
from petition.web.public.petitions import petitions
from petition.web.site.languages import preferred_language

public = Blueprint("public", __name__)
public.context_processor(sections.present_section)
for wing in (month, petitions, letters, deliveries, privacy.blueprint, unsubscribing.blueprint):
    public.register_blueprint(wing, url_prefix="/<language:lang>")


@public.get("/")
def choose_language() -> ResponseReturnValue:
    """Lead to the campaign in the visitor's language."""
    return redirect(url_for("public.month.campaign.show", lang=preferred_language()))


@public.get("/p/<slug:slug>")
def short_link(slug: str) -> ResponseReturnValue:
    """Lead to a petition in the visitor's language, from the source that the address names."""
    page, source = "public.petitions.reading.show", as_source(request.args.get(NAMED))
    return redirect(url_for(page, lang=preferred_language(), slug=slug, source=source))
