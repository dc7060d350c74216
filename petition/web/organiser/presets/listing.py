"""The presets that the team has made, and from what another can be begun."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from petition.exports.composing.drafts import TO_BEGIN_FROM
from petition.exports.own.queries import own_presets
from petition.organisers.queries import names_of
from petition.web.organiser.signatures.export_words import preset_words
from petition.web.organiser.signatures.preset_offers import own_help

blueprint = Blueprint("listing", __name__)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show those that can be chosen, from A to Z."""
    found, words = own_presets(), preset_words()
    return render_template(
        "organiser/presets/listing/index.html",
        presets=[(one, own_help(one)) for one in found],
        names=names_of(one.organiser_id for one in found),
        beginnings=[(one, words[one]) for one in TO_BEGIN_FROM],
    )
