"""What organisers fill in about a delivery: the plan, and each step."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import Field, Form, IntegerField, SelectField, URLField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from petition.core.clock import now
from petition.core.i18n import LANGUAGES, own_name
from petition.core.web_addresses import is_web_address
from petition.deliveries.actions import Plan, Said
from petition.deliveries.answer_clock import ASKED_WITHIN_DAYS
from petition.deliveries.models import LONGEST_WAIT_DAYS, Delivery, StepKind
from petition.deliveries.pack.queries import pack_taken_last
from petition.deliveries.queries import most_ever, tallied_until
from petition.deliveries.steps import fault_of_day, to_record_again
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import (
    LongTextField,
    TextField,
    Validator,
    answered,
    at_most,
    plain_text,
)
from petition.web.organiser.deliveries.words import day_fault_words
from petition.web.organiser.door.filter_fields import DayField, ListedField
from petition.web.site.formats import number

LONGEST_WORDS = 6_000
LONGEST_NOTE = 2_000


def _entered(message: Callable[[], str]) -> Validator:
    """Require a day or a number, and say so in our words where something else was typed."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            field.errors = []
            raise StopValidation(message())

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def day_field(label: Any) -> DayField:
    """Return a field for a day, which has to be given."""
    return DayField(label=label, validators=[_entered(lambda: _("Enter a day, like 2026-11-24"))])


def _note() -> LongTextField:
    return LongTextField(
        label=lazy("Your own note"),
        description=lazy("Organisers alone read it."),
        validators=[at_most(LONGEST_NOTE), plain_text(lines=True)],
        render_kw={"rows": 3},
    )


def _words(label: Any, *, missing: Any = None, about: Any = "") -> LongTextField:
    asked = [answered(missing)] if missing else []
    return LongTextField(
        label=label,
        description=about,
        validators=[*asked, at_most(LONGEST_WORDS), plain_text(lines=True)],
        render_kw={"rows": 6, "dir": "auto"},
    )


def language_field() -> SelectField:
    """Return a field for the language in which somebody writes for the public."""
    return ListedField(
        label=lazy("Language in which you write it"),
        choices=[SelectChoice(code, own_name(code)) for code in LANGUAGES],
        default=LANGUAGES[0],
        validators=[answered(lambda: _("Choose from the list"))],
    )


def _line(label: Any, about: Any, missing: Any) -> TextField:
    return TextField(
        label=label,
        description=about,
        validators=[answered(missing), at_most(200), plain_text()],
        render_kw={"dir": "auto"},
    )


def _answer_days() -> str:
    return _("Enter a number of days from 1 to %(most)s", most=LONGEST_WAIT_DAYS)


FAR_AHEAD = timedelta(days=730)
LONG_AGO = -FAR_AHEAD
"""What was handed over before it was planned here may be planned yet."""


class PlanForm(BoundedForm):
    """A delivery that is to come."""

    office = ListedField(label=lazy("Office"), validators=[answered(lambda: _("Choose an office"))])
    day = day_field(lazy("Day planned for the hand-over"))
    counted_until = day_field(lazy("Last day of signatures"))
    answer_days = IntegerField(
        label=lazy("Days in which we ask for an answer"),
        default=ASKED_WITHIN_DAYS,
        validators=[_entered(_answer_days)],
    )
    note = _note()

    def validate_day(self, field: DayField) -> None:
        """Refuse a day that nobody plans for."""
        if field.data and not LONG_AGO <= field.data - now().date() <= FAR_AHEAD:
            raise ValidationError(_("Enter a day within two years of today"))

    def validate_counted_until(self, field: DayField) -> None:
        """Refuse signatures from after the hand-over."""
        if field.data and self.day.data and field.data > self.day.data:
            raise ValidationError(
                _("The last day of signatures is after the hand-over. Choose an earlier day")
            )

    def validate_answer_days(self, field: IntegerField) -> None:
        """Refuse a wait of no day, or of more than a year."""
        if field.data and not 1 <= field.data <= LONGEST_WAIT_DAYS:
            raise ValidationError(_answer_days())

    def to_plan(self) -> Plan:
        """Return what was filled in."""
        days = self.answer_days.data or ASKED_WITHIN_DAYS
        return Plan(_given(self.day), _given(self.counted_until), days, self.note.data or "")


def _given(field: DayField) -> date:
    """Return the day of a field that was answered."""
    day: date = field.data
    return day


class StepForm(BoundedForm):
    """A step of a delivery; its fields are asked in the order in which they stand."""

    kind: StepKind

    def __init__(self, delivery: Delivery, **kwargs: Any) -> None:
        self.delivery = delivery
        super().__init__(**kwargs)

    def asked(self) -> list[Field]:
        """Return the fields that somebody fills in."""
        return [field for field in self if field.name != "csrf_token"]

    def validate_day(self, field: DayField) -> None:
        """Refuse a day to come, and one before the last entry's or the petition's first."""
        if field.data and (fault := fault_of_day(self.delivery, field.data, now().date())):
            raise ValidationError(day_fault_words(fault))

    def to_said(self) -> Said:
        """Return what was filled in; a retraction is of today."""
        filled = {field.name: field.data or None for field in self.asked()}
        given: dict[str, Any] = {"day": now().date(), **filled, "note": filled["note"] or ""}
        return Said(kind=self.kind, **given)


class PackedForm(StepForm):
    """What is to be handed over is ready."""

    kind = StepKind.PACKED
    day = day_field(lazy("Day"))
    note = _note()


class HandedOverForm(StepForm):
    """It was handed over: when, where, to whom and by whom."""

    kind = StepKind.HANDED_OVER
    day = day_field(lazy("Day of the hand-over"))
    signature_count = IntegerField(
        label=lazy("Signatures handed over"),
        description=lazy("As many as are in what you handed over."),
        validators=[_entered(lambda: _("Enter how many signatures were handed over"))],
    )
    language = language_field()
    place = _line(
        lazy("Where"),
        lazy("A place, or the way it went, such as “by post”."),
        lambda: _("Say where, or how"),
    )
    to_whom = _line(
        lazy("To whom"),
        lazy(
            "The public reads it: say it as the office would, such as “the minister’s private "
            "office”."
        ),
        lambda: _("Say to whom"),
    )
    by_whom = _line(
        lazy("By whom"),
        lazy("The public reads it: an organisation, or people who agree to be named."),
        lambda: _("Say by whom"),
    )
    words = _words(lazy("What happened"))
    note = _note()

    def validate_signature_count(self, field: IntegerField) -> None:
        """Refuse a number that the petition never had."""
        most = most_ever(self.delivery.petition_id)
        if field.data and not 1 <= field.data <= most:
            raise ValidationError(
                _("So many never signed: enter a number from 1 to %(most)s", most=number(most))
            )


class AnsweredForm(StepForm):
    """The office answered."""

    kind = StepKind.ANSWERED
    day = day_field(lazy("Day of the answer"))
    language = language_field()
    words = _words(lazy("The answer"), missing=lambda: _("Enter the answer, or what it says"))
    source_url = URLField(
        label=lazy("Where it can be read"),
        description=lazy("A web address, where the answer is public."),
        validators=[at_most(500)],
        filters=[lambda text: (text or "").strip()],
        render_kw={"dir": "ltr"},
    )
    note = _note()

    def validate_source_url(self, field: URLField) -> None:
        """Refuse what is no address of the web."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Enter a web address in full, like https://example.org/answer"))


class ClosedForm(StepForm):
    """Nothing more is expected."""

    kind = StepKind.CLOSED
    day = day_field(lazy("Day"))
    language = language_field()
    words = _words(lazy("How it ended"))
    note = _note()


class RetractedForm(StepForm):
    """The last entry was a mistake."""

    kind = StepKind.RETRACTED
    language = language_field()
    words = _words(
        lazy("Why it is taken back"),
        missing=lambda: _("Say why; nothing was taken back"),
        about=lazy("The public reads this. Name nobody."),
    )
    note = _note()


FORMS: Mapping[StepKind, type[StepForm]] = {
    form.kind: form
    for form in (PackedForm, HandedOverForm, AnsweredForm, ClosedForm, RetractedForm)
}


def blank(kind: StepKind, delivery: Delivery) -> StepForm:
    """Return the form of a step, with what is likely in it, or what was taken back to be mended."""
    again = to_record_again(delivery, kind)
    if again is not None:
        return FORMS[kind](delivery, formdata=None, obj=again)
    likely: dict[str, Any] = {"day": now().date()}
    if kind is StepKind.HANDED_OVER:
        pack = pack_taken_last(delivery.id, now())
        counted = pack.row_count if pack else None
        until = tallied_until(delivery.petition_id, delivery.counted_until)
        likely["signature_count"] = counted or until or None
    return FORMS[kind](delivery, formdata=None, data=likely)
