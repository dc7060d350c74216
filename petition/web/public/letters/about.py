"""For officials who ask why they got a letter: who wrote it, and how to answer or to stop us."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from petition.web.keeping.pages import cached_page
from petition.web.site.settings import settings

blueprint = Blueprint("about", __name__)


@blueprint.get("/about-this-letter")
def show(lang: str) -> ResponseReturnValue:
    """Explain, the same to everyone."""
    return cached_page(
        ("about-letter", lang),
        lambda: render_template("public/letters/about/show.html", contact=settings().contact),
    )
