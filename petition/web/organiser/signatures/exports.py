"""Having the signatures of one petition put into a file, and the record of every such file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports.actions import begin, cancel
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportPreset,
    ExportScope,
    ExportState,
)
from petition.exports.presets import PRESETS, Preset
from petition.exports.queries import corrections, downloads_of, export_of, exports_of
from petition.organisers.queries import names_of
from petition.petitions.models import Petition
from petition.web.forms.fields import LongTextField, answered, at_most, plain_text
from petition.web.organiser.door import session
from petition.web.organiser.signatures.export_choice import ChoiceForm
from petition.web.organiser.signatures.export_words import (
    export_words,
    format_words,
    formats_of,
    preset_groups,
    preset_help,
    preset_words,
)
from petition.web.organiser.signatures.petitions import petition_or_404, title_of
from petition.web.organiser.signatures.public_keys_field import PublicKeysField

blueprint = Blueprint("exports", __name__, url_prefix="/petitions/<slug:slug>/exports")
MOST_CORRECTIONS = 1_000
"""Listed by number; with more than that, a new export is the shorter way."""


class ExportForm(ChoiceForm):
    """Why somebody needs the file, and what should be in it."""

    why = LongTextField(
        label=lazy("What you need the file for"),
        validators=[
            answered(lambda: _("Say what you need the file for")),
            at_most(400),
            plain_text(lines=True),
        ],
    )
    preset = RadioField(
        label=lazy("For whom"),
        default=ExportPreset.SPREADSHEET,
        validators=[answered(lambda: _("Choose for whom the file is"))],
    )
    scope = RadioField(
        label=lazy("Which signatures"),
        default=ExportScope.CONFIRMED,
        validators=[answered(lambda: _("Choose which signatures"))],
    )
    format = RadioField(
        label=lazy("Format"),
        default=ExportFormat.CSV,
        validators=[answered(lambda: _("Choose a format"))],
    )
    encrypted_for = PublicKeysField(label=lazy("Encrypt for"), validators=[at_most(1_000)])

    def __init__(self, petition: Petition, **kwargs: Any) -> None:
        super().__init__(petition, **kwargs)
        self.preset.choices = [SelectChoice(one, words) for one, words in preset_words().items()]
        self.format.choices = [SelectChoice(one, words) for one, words in format_words().items()]
        self.scope.choices = [
            SelectChoice(ExportScope.CONFIRMED, _("Those that count")),
            SelectChoice(
                ExportScope.EVERYTHING,
                _("All with their states, also pending ones; no withdrawn ones"),
            ),
        ]

    def validate_scope(self, field: RadioField) -> None:
        """Refuse signatures that do not count where they are to leave for elsewhere."""
        preset = self._preset()
        if preset and field.data in set(ExportScope).difference(preset.scopes):
            raise ValidationError(_("Only a spreadsheet may hold signatures that do not count"))

    def validate_format(self, field: RadioField) -> None:
        """Refuse a format that the tool does not read, and sheets under one title for several."""
        preset = self._preset()
        if preset and field.data == ExportFormat.PDF and ExportFormat.PDF not in preset.formats:
            raise ValidationError(_("Only names and countries can be put on sheets in PDF"))
        if preset and field.data in set(ExportFormat).difference(preset.formats):
            chosen, words = ExportPreset(self.preset.data), preset_words()
            raise ValidationError(
                _(
                    "For “%(preset)s” choose %(formats)s",
                    preset=words[chosen],
                    formats=formats_of(chosen),
                )
            )

        if self.petitions.answers and field.data == ExportFormat.PDF:
            raise ValidationError(_("Sheets in PDF are of one petition; choose another format"))

    def contents(self) -> Contents:
        """Return what the file is to hold."""
        return Contents(
            ExportScope(self.scope.data),
            ExportPreset(self.preset.data),
            ExportFormat(self.format.data),
            self.encrypted_for.keys,
            self.choice(),
            self.further(),
        )

    def preset_groups(self) -> list[tuple[str, list[Any]]]:
        """Return the presets to choose from, under their headings."""
        options = {option.data: option for option in self.preset}
        groups = preset_groups().items()
        return [(heading, [options[one] for one in presets]) for heading, presets in groups]

    @property
    def fits(self) -> Mapping[str, str]:
        """The presets that each scope and each format goes with, a space between them."""
        return {
            answer: " ".join(
                name
                for name, preset in PRESETS.items()
                if answer in (*preset.scopes, *preset.formats)
            )
            for answer in (*ExportScope, *ExportFormat)
        }

    def _preset(self) -> Preset | None:
        return PRESETS.get(self.preset.data)


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
        return PRESETS[self.export.preset].names_signatures


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
    return _begun(petition, str(form.why.data), form.contents())


@blueprint.post("/<int:number>/anew")
def make_anew(slug: str, number: int) -> ResponseReturnValue:
    """Ask for the same once more, as the signatures are now."""
    petition = petition_or_404(slug)
    before = export_of(petition.id, number)
    if before is None:
        return redirect(url_for("organiser.signatures.exports.index", slug=slug), 303)
    return _begun(petition, before.why, before.contents)


@blueprint.post("/<int:number>/cancel")
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
    return [
        ExportLine(
            export=one,
            state=one.state_at(at),
            who=names[one.organiser_id],
            downloads=downloads[one.id],
            corrections=corrections(one) if one.finished_at else [],
        )
        for one in exports
    ]


def _begun(petition: Petition, why: str, contents: Contents) -> ResponseReturnValue:
    organiser = session.present().organiser
    with transaction():
        export = begin(petition.id, organiser.id, why, contents, now())
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
        preset_help=preset_help(),
    )
