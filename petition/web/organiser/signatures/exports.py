"""Having the signatures of one petition put into a file, and the record of every such file."""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports.actions import begin, cancel
from petition.exports.changes import corrections_of
from petition.exports.choice import ChoiceRefused
from petition.exports.models import (
    Contents,
    Export,
    ExportState,
)
from petition.exports.presets import (
    NoSuchFile,
    NotEncrypted,
    PresetGone,
    preset_of,
)
from petition.exports.queries import downloads_of, export_of, exports_of, last_taken
from petition.organisers.queries import names_of
from petition.petitions.models import Petition
from petition.web.organiser.door import session
from petition.web.organiser.signatures.export_form import ExportForm
from petition.web.organiser.signatures.export_words import (
    export_words,
)
from petition.web.organiser.signatures.petitions import petition_or_404, title_of

blueprint = Blueprint("exports", __name__, url_prefix="/petitions/<slug:slug>/exports")
REFUSED = (ChoiceRefused, NoSuchFile, NotEncrypted, PresetGone)
"""Why there can be no such file any more, by whatever the team has changed meanwhile."""
MOST_CORRECTIONS = 1_000
"""Listed by number; with more than that, a new export is the shorter way."""


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One export in the record."""

    export: Export
    state: ExportState
    who: str
    downloads: int
    corrections: list[int]

    @property
    def listed(self) -> list[int]:
        """The numbers to take out, as many as are listed."""
        return self.corrections[:MOST_CORRECTIONS]

    @property
    def names_signatures(self) -> bool:
        """Whether the file has these numbers, so that they can be found in it."""
        return preset_of(self.export).names_signatures


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """Show the form and the exports made so far."""
    petition = petition_or_404(slug)
    return form_page(petition, ExportForm(petition, formdata=None))


@blueprint.post("")
def make(slug: str) -> ResponseReturnValue:
    """Ask for an export, and lead to where one sees how far it is."""
    petition = petition_or_404(slug)
    form = ExportForm(petition)
    if not form.validate_on_submit():
        return form_page(petition, form), 422
    try:
        return _begun(petition, str(form.why.data), form.contents())
    except REFUSED as refused:  # the team changed the preset in this very moment
        form.refuse_preset(str(refused))
        return form_page(petition, form), 409


@blueprint.post("/<number:number>/anew")
def make_anew(slug: str, number: int) -> ResponseReturnValue:
    """Ask for the same once more, as the signatures are now."""
    petition = petition_or_404(slug)
    before = export_of(petition.id, number)
    if before is None:
        return redirect(url_for("organiser.signatures.exports.index", slug=slug), 303)
    return _repeated(petition, before, before.contents)


@blueprint.post("/<number:number>/continue")
def make_continuation(slug: str, number: int) -> ResponseReturnValue:
    """Ask for the same of those who are new since."""
    petition = petition_or_404(slug)
    before = export_of(petition.id, number)
    if before is None or before not in last_taken([before]):
        flash(_("That file cannot be continued any more: make a whole one."), "info")
        return redirect(url_for("organiser.signatures.exports.index", slug=slug), 303)
    return _repeated(petition, before, replace(before.contents, since=before.id))


@blueprint.post("/<number:number>/cancel")
def cancel_making(slug: str, number: int) -> ResponseReturnValue:
    """Break off the making of a file."""
    export = export_of(petition_or_404(slug).id, number)
    if export is not None:
        with transaction():
            if cancel(export, session.present().organiser.id, now()):
                flash(_("The export is cancelled. Nothing of it is kept."), "success")
            else:
                flash(_("It was made before it could be cancelled."), "info")
    return redirect(url_for("organiser.signatures.exports.index", slug=slug), 303)


def lines_of(exports: list[Export]) -> list[ExportLine]:
    """Return these exports as the record tells of them."""
    names = names_of(export.organiser_id for export in exports)
    downloads, at = downloads_of(exports), now()
    found = corrections_of([one for one in exports if one.finished_at])
    return [
        ExportLine(
            export=one,
            state=one.state_at(at),
            who=names[one.organiser_id],
            downloads=downloads[one.id],
            corrections=found.get(one.id, []),
        )
        for one in exports
    ]


def _repeated(petition: Petition, before: Export, contents: Contents) -> ResponseReturnValue:
    try:
        return _begun(petition, before.why, contents, before.petition_id)
    except REFUSED as refused:
        flash(str(refused), "info")
        return redirect(url_for("organiser.signatures.exports.index", slug=petition.slug), 303)


def _begun(
    petition: Petition, why: str, contents: Contents, asked_of: int | None = None
) -> ResponseReturnValue:
    """Begin an export of a petition, or of another that was asked first of several.

    Raises those that are REFUSED.
    """
    organiser = session.present().organiser
    with transaction():
        export = begin(asked_of or petition.id, organiser.id, why, contents, now())
    where = "organiser.signatures.export_files.show"
    return redirect(url_for(where, slug=petition.slug, number=export.id), 303)


def form_page(petition: Petition, form: ExportForm) -> str:
    """Return the page of the form and the record."""
    return render_template(
        "organiser/signatures/exports/index.html",
        slug=petition.slug,
        title=title_of(petition),
        form=form,
        lines=lines_of(exports_of(petition.id)),
        words=export_words(),
        preset_help=form.preset_help(),
    )
