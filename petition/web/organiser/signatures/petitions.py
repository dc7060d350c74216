"""The petitions, with how they stand."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.petitions.models import Petition
from petition.petitions.queries import all_petitions, petition_by_slug
from petition.publishing.removing import sample_campaign
from petition.signatures.desk.listing import Waiting, waiting
from petition.signatures.tally import counts
from petition.web.site.health import what_needs_attention
from petition.web.site.languages import present_language

blueprint = Blueprint("petitions", __name__)


@dataclass(frozen=True, slots=True)
class PetitionLine:
    """One petition in the list."""

    slug: str
    title: str
    language: str
    is_open: bool
    count: int
    waiting: Waiting


def petition_or_404(slug: str) -> Petition:
    """Return the petition at `slug`."""
    petition = petition_by_slug(slug)
    if petition is None or not petition.versions:
        abort(404)
    return petition


def title_of(petition: Petition) -> str:
    """Return the title of the version that people sign now."""
    return petition.version.text_in(present_language()).title


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List every petition, below what needs attention."""
    petitions = [petition for petition in all_petitions() if petition.versions]
    ids = [petition.id for petition in petitions]
    counted, waits, today = counts(ids), waiting(), now().date()
    rows = [
        PetitionLine(
            slug=petition.slug,
            title=title_of(petition),
            language=petition.version.text_in(present_language()).language,
            is_open=petition.is_open(today),
            count=counted[petition.id],
            waiting=waits.get(petition.id, Waiting()),
        )
        for petition in petitions
    ]
    return render_template(
        "organiser/signatures/petitions/index.html",
        petitions=rows,
        attention=what_needs_attention(),
        has_sample=sample_campaign() is not None,
    )
