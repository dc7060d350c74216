"""Having the signatures of one petition put into a file, and the record of every such file."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
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
from petition.exports.choice import ChoiceRefused
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportPreset,
    ExportScope,
    ExportSplit,
    ExportState,
)
from petition.exports.presets import (
    SPLIT,
    NotEncrypted,
    PresetGone,
    preset_of,
    settled,
)
from petition.exports.queries import corrections, downloads_of, export_of, exports_of
from petition.organisers.queries import names_of
from petition.petitions.models import Petition
from petition.web.forms.fields import answered, at_most, plain_text
from petition.web.organiser.door import session
from petition.web.organiser.signatures.export_choice import ChoiceForm
from petition.web.organiser.signatures.export_words import (
    export_words,
    format_words,
    split_words,
)
from petition.web.organiser.signatures.petitions import petition_or_404, title_of
from petition.web.organiser.signatures.preset_offers import Offer, offers
from petition.web.organiser.signatures.public_keys_field import (
    PublicKeysField,
    SecretFreeTextField,
)

blueprint = Blueprint("exports", __name__, url_prefix="/petitions/<slug:slug>/exports")
MOST_CORRECTIONS = 1_000
"""Listed by number; with more than that, a new export is the shorter way."""


class ExportForm(ChoiceForm):
    """Why somebody needs the file, and what should be in it."""

    why = SecretFreeTextField(
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
    split = RadioField(
        label=lazy("In how many files"),
        default=ExportSplit.WHOLE,
        validators=[answered(lambda: _("Choose in how many files"))],
    )
    encrypted_for = PublicKeysField(label=lazy("Encrypt for"), validators=[at_most(1_000)])

    def __init__(self, petition: Petition, **kwargs: Any) -> None:
        super().__init__(petition, **kwargs)
        self._offers = {offer.answer: offer for offer in offers()}
        self.preset.choices = [
            SelectChoice(answer, offer.label) for answer, offer in self._offers.items()
        ]
        self.split.choices = [SelectChoice(one, words) for one, words in split_words().items()]
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
        offer = self._offer()
        if offer and field.data in set(ExportScope).difference(offer.preset.scopes):
            raise ValidationError(_("Only a spreadsheet may hold signatures that do not count"))

    def validate_format(self, field: RadioField) -> None:
        """Refuse a format that the tool does not read, and sheets under one title for several."""
        offer = self._offer()
        formats = offer.preset.formats if offer else tuple(ExportFormat)
        if offer and field.data == ExportFormat.PDF and ExportFormat.PDF not in formats:
            raise ValidationError(_("Only names and countries can be put on sheets in PDF"))
        if offer and field.data in set(ExportFormat).difference(formats):
            raise ValidationError(
                _(
                    "For “%(preset)s” choose %(formats)s",
                    preset=offer.label,
                    formats=offer.formats,
                )
            )

        if self.petitions.answers and field.data == ExportFormat.PDF:
            raise ValidationError(_("Sheets in PDF are of one petition; choose another format"))

    def validate_split(self, field: RadioField) -> None:
        """Refuse parts that no format or no tool has."""
        offer = self._offer()
        if field.data != ExportSplit.WHOLE and self.format.data not in set(SPLIT):
            raise ValidationError(_("Choose CSV or JSON Lines for several files, or one file"))
        if offer and field.data == ExportSplit.SIZE and offer.preset.most_bytes is None:
            raise ValidationError(
                _(
                    "For “%(preset)s” no file is too large: choose another answer",
                    preset=offer.label,
                )
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether there can be such a file, also by what a preset of the team's own narrows to."""
        if not super().validate(extra_validators):
            return False
        try:
            self.contents()
        except (ChoiceRefused, PresetGone) as refused:
            self.preset.errors = [str(refused).removesuffix(".")]
            return False
        return True

    def contents(self) -> Contents:
        """Return what the file is to hold. Raises ChoiceRefused and PresetGone."""
        offer = self._offers[self.preset.data]
        return settled(
            Contents(
                ExportScope(self.scope.data),
                offer.kind,
                ExportFormat(self.format.data),
                self.encrypted_for.keys,
                self.choice(),
                self.further(),
                own=offer.own.id if offer.own else None,
                split=ExportSplit(self.split.data),
            )
        )

    def preset_groups(self) -> list[tuple[str, list[Any]]]:
        """Return the presets to choose from, under their headings."""
        found = groupby(self.preset, key=lambda option: self._offers[option.data].heading)
        return [(heading, list(options)) for heading, options in found]

    def preset_help(self) -> Mapping[str, str]:
        """Return for whom each preset is, and which rows and columns it has."""
        return {answer: offer.about for answer, offer in self._offers.items()}

    @property
    def fits(self) -> Mapping[str, str]:
        """The presets that each scope, format and split goes with, a space between them."""
        return {
            answer: " ".join(
                name for name, offer in self._offers.items() if answer in offer.goes_with
            )
            for answer in (*ExportScope, *ExportFormat, *ExportSplit)
        }

    def _offer(self) -> Offer | None:
        return self._offers.get(self.preset.data)


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
    return _begun(petition, str(form.why.data), form.contents())


@blueprint.post("/<number:number>/anew")
def make_anew(slug: str, number: int) -> ResponseReturnValue:
    """Ask for the same once more, as the signatures are now."""
    petition = petition_or_404(slug)
    before = export_of(petition.id, number)
    if before is None:
        return redirect(url_for("organiser.signatures.exports.index", slug=slug), 303)
    return _begun(petition, before.why, before.contents)


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
    try:
        with transaction():
            export = begin(petition.id, organiser.id, why, contents, now())
    except (ChoiceRefused, NotEncrypted, PresetGone) as refused:
        flash(str(refused), "info")
        return redirect(url_for("organiser.signatures.exports.index", slug=petition.slug), 303)
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
