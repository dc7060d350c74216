"""Every component in all its states, for those who develop; on this machine only."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from petition.core.i18n import LANGUAGES
from petition.web.development.styleguide_examples import examples
from petition.web.development.styleguide_letters import letter_examples
from petition.web.development.styleguide_month import month_examples

blueprint = Blueprint("styleguide", __name__)


@blueprint.get("/styleguide")
def show() -> ResponseReturnValue:
    """Show the components; `?lang=` in another language, and so in its direction."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        g.lang = asked
        refresh()
    return render_template(
        "development/styleguide/show.html",
        languages=LANGUAGES,
        **examples(),
        **month_examples(),
        **letter_examples(),
    )
