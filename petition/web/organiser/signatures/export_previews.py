"""Looking at an export before it is made: how many rows it would have, and the first of them."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from petition.audit.acts import Act
from petition.core.clock import now
from petition.exports.preview import Preview, preview
from petition.organisers.permissions import Permission, may
from petition.petitions.models import Petition
from petition.web.organiser.door import session
from petition.web.organiser.door.noting import note_look
from petition.web.organiser.signatures.export_form import ExportForm, LookForm
from petition.web.organiser.signatures.export_words import export_words
from petition.web.organiser.signatures.exports import form_page
from petition.web.organiser.signatures.petitions import petition_or_404, title_of

blueprint = Blueprint("export_previews", __name__, url_prefix="/petitions/<slug:slug>/exports")


@blueprint.post("/preview")
def show(slug: str) -> ResponseReturnValue:
    """Show what the file would hold; names only to who may read them outside a file too."""
    petition = petition_or_404(slug)
    form = LookForm(petition)
    if not form.validate_on_submit():
        return form_page(petition, form), 422
    sees_names = may(session.present().organiser.role, Permission.SEE_NAMES)
    seen = preview(petition.id, form.contents(), now(), opens=sees_names)
    if sees_names and seen.lines:
        slugs = ", ".join([slug, *form.petitions.answers])
        note_look(Act.NAMES_READ, petition=slugs, rows=len(seen.lines))
    return _page(petition, form, seen, sees_names=sees_names)


@blueprint.post("/change")
def change(slug: str) -> ResponseReturnValue:
    """Show the form once more, with the answers in it."""
    petition = petition_or_404(slug)
    return form_page(petition, ExportForm(petition))


def _page(petition: Petition, form: ExportForm, seen: Preview, *, sees_names: bool) -> str:
    return render_template(
        "organiser/signatures/export_previews/show.html",
        slug=petition.slug,
        title=title_of(petition),
        form=form,
        seen=seen,
        words=export_words(),
        hides=not sees_names,
        others=[option.label.text for option in form.petitions if option.checked],
    )
