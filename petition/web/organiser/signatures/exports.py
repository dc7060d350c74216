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
from petition.exports import csv
from petition.exports.actions import begin
from petition.exports.models import Export, ExportScope
from petition.exports.queries import corrections, exports_of
from petition.organisers.models import Organiser
from petition.organisers.queries import names_of
from petition.petitions.models import Petition
from petition.web.forms.fields import LongTextField, answered, at_most, plain_text
from petition.web.organiser.door import session
from petition.web.organiser.door.code_form import FreshCodeForm, code_field
from petition.web.organiser.signatures.petitions import petition_or_404, title_of

blueprint = Blueprint("exports", __name__, url_prefix="/petitions/<slug:slug>/exports")
MOST_CORRECTIONS = 1_000
"""Listed by number; with more than that, a new export is the shorter way."""


class ExportForm(FreshCodeForm):
    """Why somebody needs the file, what should be in it, and a code."""

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
    code = code_field()

    def __init__(self, organiser: Organiser, **kwargs: Any) -> None:
        super().__init__(organiser, **kwargs)
        self.scope.choices = [
            SelectChoice(ExportScope.CONFIRMED, _("Those that count")),
            SelectChoice(
                ExportScope.EVERYTHING,
                _("All with their states, also pending ones; no withdrawn ones"),
            ),
        ]


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One export in the record."""

    export: Export
    who: str
    corrections: list[int]

    @property
    def listed(self) -> list[int]:
        """The numbers to take out, as many as are listed."""
        return self.corrections[:MOST_CORRECTIONS]


@blueprint.get("")
def index(slug: str) -> ResponseReturnValue:
    """Show the form and the exports made so far."""
    return _page(petition_or_404(slug), ExportForm(session.present().organiser, formdata=None))


@blueprint.post("")
def make(slug: str) -> ResponseReturnValue:
    """Take a fresh code, record the export, then stream the file."""
    petition, organiser, at = petition_or_404(slug), session.present().organiser, now()
    form = ExportForm(organiser)
    export, status = form.done(
        lambda: begin(
            petition.id, organiser.id, str(form.why.data), ExportScope(form.scope.data), at
        )
    )
    if export is None:
        return _page(petition, form), status
    answer = Response(csv.stream(export), mimetype="text/csv")
    filename = f"{petition.slug}-signatures-{at:%Y%m%dT%H%MZ}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer


def _page(petition: Petition, form: ExportForm) -> str:
    exports = exports_of(petition.id)
    names = names_of(export.organiser_id for export in exports)
    lines = [ExportLine(one, names[one.organiser_id], corrections(one)) for one in exports]
    return render_template(
        "organiser/signatures/exports/index.html",
        slug=petition.slug,
        title=title_of(petition),
        form=form,
        lines=lines,
        scope_words={
            ExportScope.CONFIRMED: _("Those that count"),
            ExportScope.EVERYTHING: _("Everything"),
        },
    )
