"""Downloading the signatures of one petition, and the record of every download."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField
from wtforms.fields import SelectChoice

from petition.core.clock import now
from petition.core.database import transaction
from petition.exports import csv
from petition.exports.actions import begin
from petition.exports.models import Export, ExportScope
from petition.exports.queries import corrections, exports_of
from petition.organisers.queries import names_of
from petition.petitions.models import Petition
from petition.web.bounded_form import BoundedForm
from petition.web.fields import LongTextField, answered, at_most, plain_text
from petition.web.organiser import visits
from petition.web.organiser.petitions import petition_or_404, title_of

blueprint = Blueprint("exports", __name__, url_prefix="/petitions/<slug:slug>/exports")
MOST_CORRECTIONS = 1_000
"""Listed by number; with more than that, a new export is the shorter way."""


class ExportForm(BoundedForm):
    """Why somebody needs the file, and what should be in it."""

    why = LongTextField(
        label=lazy("What you need the file for"),
        validators=[
            answered(lambda: _("Say what you need the file for")),
            at_most(400),
            plain_text(lines=True),
        ],
    )
    scope = RadioField(
        label=lazy("Which signatures"),
        default=ExportScope.CONFIRMED,
        validators=[answered(lambda: _("Choose which signatures"))],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scope.choices = [
            SelectChoice(ExportScope.CONFIRMED, _("Those that count")),
            SelectChoice(
                ExportScope.EVERYTHING,
                _("All with their states, also pending ones; no withdrawn ones"),
            ),
        ]


@dataclass(frozen=True, slots=True)
class Row:
    """One export in the record."""

    export: Export
    who: str
    corrections: list[int]

    @property
    def listed(self) -> list[int]:
        """The numbers to strike, as many as are listed."""
        return self.corrections[:MOST_CORRECTIONS]


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """Show the form and the exports made so far."""
    return _page(petition_or_404(slug), ExportForm(formdata=None))


@blueprint.post("")
def make(slug: str) -> ResponseReturnValue:
    """Record the export, then stream the file."""
    petition = petition_or_404(slug)
    form = ExportForm()
    if not form.validate():
        return _page(petition, form), 422
    organiser, at = visits.present().organiser, now()
    with transaction():
        export = begin(
            petition.id, organiser.id, str(form.why.data), ExportScope(form.scope.data), at
        )
    answer = Response(csv.stream(export), mimetype="text/csv")
    filename = f"{petition.slug}-signatures-{at:%Y%m%dT%H%MZ}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer


def _page(petition: Petition, form: ExportForm) -> str:
    exports = exports_of(petition.id)
    names = names_of(export.organiser_id for export in exports)
    rows = [Row(export, names[export.organiser_id], corrections(export)) for export in exports]
    return render_template(
        "organiser/exports/index.html",
        slug=petition.slug,
        title=title_of(petition),
        form=form,
        rows=rows,
        scope_words={
            ExportScope.CONFIRMED: _("Those that count"),
            ExportScope.EVERYTHING: _("Everything"),
        },
    )
