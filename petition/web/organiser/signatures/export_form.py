"""The questions about an export: why, for whom, which signatures, and how they are written."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from petition.exports.choice import ChoiceRefused
from petition.exports.models import Contents, ExportFormat, ExportPreset, ExportScope, ExportSplit
from petition.exports.presets import SPLIT, PresetGone, settled
from petition.exports.queries import exports_of, last_taken
from petition.petitions.models import Petition
from petition.web.forms.fields import answered, at_most, plain_text
from petition.web.organiser.signatures.export_choice import ChoiceForm
from petition.web.organiser.signatures.export_words import (
    format_words,
    split_formats,
    split_words,
)
from petition.web.organiser.signatures.preset_offers import Offer, offers
from petition.web.organiser.signatures.public_keys_field import (
    PublicKeysField,
    SecretFreeTextField,
)
from petition.web.organiser.signatures.since_field import ALL, SinceField
from petition.web.site.formats import listed

WHY = lazy("What you need the file for")
WORDS = at_most(400), plain_text(lines=True)


def _say_why() -> str:
    return _("Say what you need the file for")


class ExportForm(ChoiceForm):
    """Why somebody needs the file, and what should be in it."""

    why = SecretFreeTextField(label=WHY, validators=[answered(_say_why), *WORDS])
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
    since = SinceField(
        label=lazy("All of them, or those who are new"),
        default=ALL,
        validators=[answered(lambda: _("Choose all of them, or an earlier file"))],
    )

    def __init__(self, petition: Petition, **kwargs: Any) -> None:
        super().__init__(petition, **kwargs)
        self._offers = {offer.answer: offer for offer in offers()}
        self.preset.choices = [
            SelectChoice(answer, offer.label) for answer, offer in self._offers.items()
        ]
        self.since.offer(petition.id, last_taken(exports_of(petition.id)))
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
            raise ValidationError(
                _(
                    "For “%(preset)s” choose those that count: only a spreadsheet that says how "
                    "each stands may hold others",
                    preset=offer.label,
                )
            )

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
            raise ValidationError(
                _("Choose %(formats)s for several files, or one file", formats=split_formats())
            )
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
            self.since.refuse_others(self.contents())
        except (ChoiceRefused, PresetGone) as refused:
            self.refuse_preset(str(refused))
            return False
        except ValidationError as refused:
            self.since.errors = [str(refused)]
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
                since=self.since.chosen,
            )
        )

    def refuse_preset(self, reason: str) -> None:
        """Say beside the preset why no file can be made by it."""
        self.preset.errors = [reason.removesuffix(".")]

    def preset_groups(self) -> list[tuple[str, list[Any]]]:
        """Return the presets to choose from, under their headings."""
        found = groupby(self.preset, key=lambda option: self._offers[option.data].heading)
        return [(heading, list(options)) for heading, options in found]

    def preset_help(self) -> Mapping[str, str]:
        """Return for whom each preset is, and which rows and columns it has."""
        return {answer: offer.about for answer, offer in self._offers.items()}

    def split_help(self) -> Mapping[str, str]:
        """Return for which formats and tools there are several files."""
        bounded = [one.label for one in self._offers.values() if one.preset.most_bytes is not None]
        return {
            ExportSplit.COUNTRY: _("As %(formats)s.", formats=split_formats()),
            ExportSplit.SIZE: _("Only for %(tools)s, as CSV.", tools=listed(bounded)),
        }

    @property
    def fits(self) -> Mapping[str, Mapping[str, str]]:
        """With which presets each scope, format and split goes, and each split with which formats.

        A space stands between them.
        """
        splits = {one: {"format": " ".join(SPLIT)} for one in ExportSplit}
        splits[ExportSplit.WHOLE] = {}
        return {
            answer: {
                "preset": " ".join(
                    name for name, offer in self._offers.items() if answer in offer.goes_with
                ),
                **splits.get(answer, {}),
            }
            for answer in (*ExportScope, *ExportFormat, *ExportSplit)
        }

    def _offer(self) -> Offer | None:
        return self._offers.get(self.preset.data)


class LookForm(ExportForm):
    """The same for who looks first: nothing is made yet, so why is not asked."""

    why = SecretFreeTextField(label=WHY, validators=WORDS)
