"""The form of a preset: a name, columns in rows that can be put in order, and which signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, Field, Form, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from petition.core.drafts.problems import Place, Problem
from petition.core.i18n import LANGUAGES, countries
from petition.exports.choice import Choice
from petition.exports.composing.drafts import ColumnDraft, OwnPresetDraft
from petition.exports.own.models import LONGEST_HEADING, LONGEST_NAME, OwnField
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import Validator, answered, at_most
from petition.web.forms.several_field import SeveralField
from petition.web.organiser.door.filter_fields import DayField, ListedField
from petition.web.organiser.presets.words import field_choices
from petition.web.organiser.signatures.public_keys_field import (
    PublicKeysField,
    SecretFreeLineField,
)
from petition.web.organiser.signatures.sources_field import SourcesField
from petition.web.site.formats import name_of_language
from petition.web.site.languages import present_language

MOST_ROWS = len(OwnField)
ROWS_AT_FIRST = 4
READ, PROCESSED = "read", "processed"


def _bounded(length: int) -> Validator:
    """Let a field take so much; whether it is too long is said with all else that is wrong."""

    def check(_form: Form, _field: Field) -> None:
        """Pass."""

    check.field_flags = {"maxlength": length}  # type: ignore[attr-defined]
    return check


@dataclass(frozen=True, slots=True)
class RowFields:
    """The fields of one row."""

    number: int
    place: Field
    field: Field
    heading: Field

    @property
    def fields(self) -> tuple[Field, Field, Field]:
        """The three of them."""
        return self.place, self.field, self.heading

    @property
    def in_order(self) -> tuple[int, int]:
        """Where the row stands: what was moved to a place stands before or after who was there."""
        place = int(self.place.data or self.number + 1)
        moved = (place > self.number + 1) - (place < self.number + 1)
        return place, moved


class PresetForm(BoundedForm):
    """A preset as it is written down; each number of rows has a class of its own."""

    row_count: ClassVar[int] = 0
    most_rows: ClassVar[int] = MOST_ROWS

    name = SecretFreeLineField(label=lazy("Name"), validators=[_bounded(LONGEST_NAME)])
    reader = RadioField(
        label=lazy("Who takes the file in"),
        default=READ,
        validators=[answered(lambda: _("Choose who takes the file in"))],
    )
    consenting = BooleanField(label=lazy("Only those who said yes to mail"))
    countries = SeveralField(label=lazy("Only from these countries"))
    languages = SeveralField(label=lazy("Only who signed in these languages"))
    first_day = DayField(label=lazy("From the day (UTC)"), validators=[Optional()])
    last_day = DayField(label=lazy("Until the day, included (UTC)"), validators=[Optional()])
    sources = SourcesField()
    required_keys = PublicKeysField(label=lazy("Always encrypt for"), validators=[at_most(1_000)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reader.choices = [
            SelectChoice(READ, _("People, in a spreadsheet")),
            SelectChoice(PROCESSED, _("A program")),
        ]
        names = countries(present_language())
        self.countries.allowed, self.languages.allowed = names.keys(), LANGUAGES
        self.countries.choices = [
            SelectChoice(code, names[code]) for code in sorted(names, key=names.__getitem__)
        ]
        self.languages.choices = [
            SelectChoice(code, name_of_language(code)) for code in sorted(LANGUAGES)
        ]
        places = [SelectChoice(str(one), str(one)) for one in range(1, self.row_count + 1)]
        fields = field_choices()
        for row in self.rows():
            row.place.choices, row.field.choices = places, fields

    def rows(self) -> list[RowFields]:
        """Return the rows as they stand."""
        return [
            RowFields(number, *(self[f"{part}_{number}"] for part in ("place", "field", "heading")))
            for number in range(self.row_count)
        ]

    def filled(self) -> list[RowFields]:
        """Return the rows that are a column, in the order that was asked for."""
        rows = sorted(self.rows(), key=lambda row: row.in_order)
        return [row for row in rows if row.field.data]

    @property
    def is_narrowed(self) -> bool:
        """Whether something was answered of which signatures, or answered wrongly."""
        mine = self.countries, self.languages, self.first_day, self.last_day, self.sources
        return any(one.data or one.errors for one in mine)

    def about_readers(self) -> Mapping[str, str]:
        """Return what each reader gets."""
        return {
            READ: _(
                "Anything in CSV that Excel or LibreOffice could take for a formula has an "
                "apostrophe before it. With reasons in it, as CSV or Excel alone."
            ),
            PROCESSED: _("Every cell is as it was typed: do not open its CSV in a spreadsheet."),
        }

    def draft(self) -> OwnPresetDraft:
        """Return what was written down."""
        choice = Choice(
            tuple(self.countries.answers),
            self.first_day.data,
            self.last_day.data,
            tuple(self.languages.answers),
            self.sources.sources,
        )
        return OwnPresetDraft(
            name=self.name.data or "",
            columns=tuple(
                ColumnDraft(str(row.field.data), row.heading.data or "") for row in self.filled()
            ),
            consenting=bool(self.consenting.data),
            for_spreadsheets=self.reader.data != PROCESSED,
            choice=choice,
            required_keys=self.required_keys.keys,
        )

    def show(self, problems: Sequence[Problem]) -> None:
        """Put each problem beside its field, where that has none of its own yet."""
        wrong = {id(field) for field in self if field.errors}
        for problem in problems:
            field = self._field_at(problem.field)
            if id(field) not in wrong:
                field.errors = [*field.errors, problem.cause.removesuffix(".")]

    def _field_at(self, place: Place) -> Field:
        match place:
            case ("columns", int(number), str(part)):
                return getattr(self.filled()[number], part)
            case ("columns",):
                return self.rows()[0].field
            case ("choice", "days"):
                return self.last_day
            case ("choice", part):
                return self[str(part)]
            case _:
                return self[str(place[0])]


@lru_cache
def form_of(row_count: int) -> type[PresetForm]:
    """Return the form with so many rows."""
    rows: dict[str, Any] = {"row_count": row_count}
    for number in range(row_count):
        rows[f"place_{number}"] = ListedField(label=lazy("Place"), default=str(number + 1))
        rows[f"field_{number}"] = ListedField(label=lazy("Column"))
        rows[f"heading_{number}"] = SecretFreeLineField(
            label=lazy("Heading"), validators=[_bounded(LONGEST_HEADING)]
        )
    return type("PresetForm", (PresetForm,), rows)


def blank(draft: OwnPresetDraft | None = None) -> PresetForm:
    """Return the form with a draft in it and room for one more column, or with nothing."""
    if draft is None:
        return form_of(ROWS_AT_FIRST)(formdata=None)
    rows = min(len(draft.columns) + 1, MOST_ROWS)
    return form_of(rows)(formdata=None, data=_values(draft))


def posted(row_count: int) -> PresetForm:
    """Return the form as it was posted, with so many rows, as far as there may be."""
    return form_of(min(max(row_count, 1), MOST_ROWS))()


def with_a_row(form: PresetForm) -> PresetForm:
    """Return a form with what was typed in another, its columns in their order and one row more."""
    of_rows = {field.name for row in form.rows() for field in row.fields}
    kept = {one.name: one.data for one in form if one.name not in {*of_rows, "csrf_token"}}
    columns = [(str(row.field.data), row.heading.data or "") for row in form.filled()]
    rows = min(form.row_count + 1, MOST_ROWS)
    return form_of(rows)(formdata=None, data={**kept, **_row_values(columns)})


def _values(draft: OwnPresetDraft) -> Mapping[str, Any]:
    return {
        "name": draft.name,
        "reader": READ if draft.for_spreadsheets else PROCESSED,
        "consenting": draft.consenting,
        "countries": list(draft.choice.countries),
        "languages": list(draft.choice.languages),
        "first_day": draft.choice.first_day,
        "last_day": draft.choice.last_day,
        "sources": " ".join(draft.choice.sources),
        "required_keys": "\n".join(draft.required_keys),
        **_row_values([(one.field, one.heading) for one in draft.columns]),
    }


def _row_values(columns: Sequence[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, (field, heading) in enumerate(columns):
        values |= {f"field_{number}": field, f"heading_{number}": heading}
    return values
