"""What organisers fill in about each step of a delivery."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, Field, Form, IntegerField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from petition.core.clock import now
from petition.core.i18n import LANGUAGES, own_name
from petition.deliveries.actions import Said
from petition.deliveries.files.queries import left_behind
from petition.deliveries.models import Delivery, DeliveryStep, StepKind
from petition.deliveries.pack.queries import pack_taken_last, packs_of
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
from petition.web.organiser.deliveries.pack_lines import lines_of
from petition.web.organiser.deliveries.words import day_fault_words
from petition.web.organiser.door.address_field import address_field
from petition.web.organiser.door.filter_fields import DayField, ListedField
from petition.web.site.formats import number

LONGEST_WORDS = 6_000
LONGEST_NOTE = 2_000
NO_PACK = "none"
SAID = {one.name for one in fields(Said)}


def entered(message: Callable[[], str]) -> Validator:
    """Require a day or a number, and say so in our words where something else was typed."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            field.errors = []
            raise StopValidation(message())

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def day_field(label: Any) -> DayField:
    """Return a field for a day, which has to be given."""
    return DayField(label=label, validators=[entered(lambda: _("Enter a day, like 2026-11-24"))])


def note_field() -> LongTextField:
    """Return a field for what organisers alone read."""
    return LongTextField(
        label=lazy("Your own note"),
        description=lazy("Organisers alone read it."),
        validators=[at_most(LONGEST_NOTE), plain_text(lines=True)],
        render_kw={"rows": 3},
    )


PLAIN = lazy("Plain text: an empty line begins a paragraph, and marks such as ** stay as they are.")


def _words(label: Any, *, missing: Any = None, about: Any = PLAIN) -> LongTextField:
    asked = [answered(missing)] if missing else []
    return LongTextField(
        label=label,
        description=about,
        validators=[*asked, at_most(LONGEST_WORDS), plain_text(lines=True)],
        render_kw={"rows": 6, "dir": "auto"},
    )


def _bring(*, default: bool) -> BooleanField:
    return BooleanField(
        label=lazy("Keep the pictures and papers of the entry that was taken back with this one"),
        description=lazy("What the public saw of them, it sees again."),
        default=default,
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


class StepForm(BoundedForm):
    """A step of a delivery; its fields are asked in the order in which they stand."""

    kind: StepKind

    def __init__(self, delivery: Delivery, **kwargs: Any) -> None:
        self.delivery = delivery
        super().__init__(**kwargs)
        if "bring" in self and not left_behind(delivery, self.kind):
            del self.bring

    def asked(self) -> list[Field]:
        """Return the fields that somebody fills in."""
        return [field for field in self if field.name != "csrf_token"]

    def validate_day(self, field: DayField) -> None:
        """Refuse a day to come, and one before the last entry's or the petition's first."""
        if field.data and (fault := fault_of_day(self.delivery, field.data, now().date())):
            raise ValidationError(day_fault_words(fault))

    def take_over(self, again: DeliveryStep) -> None:
        """Leave out of the form what is not to be recorded anew without a look."""

    @property
    def brings(self) -> bool:
        """Whether the files of the step that was taken back are to come along."""
        return "bring" in self and bool(self["bring"].data)

    def to_said(self) -> Said:
        """Return what was filled in; a retraction is of today."""
        filled = {field.name: field.data or None for field in self.asked() if field.name in SAID}
        given: dict[str, Any] = {"day": now().date(), **filled, "note": filled["note"] or ""}
        return Said(kind=self.kind, **given)


class PackedForm(StepForm):
    """What is to be handed over is ready."""

    kind = StepKind.PACKED
    day = day_field(lazy("Day"))
    note = note_field()


class HandedOverForm(StepForm):
    """It was handed over: when, where, to whom and by whom."""

    kind = StepKind.HANDED_OVER
    day = day_field(lazy("Day of the hand-over"))
    pack_id = ListedField(
        label=lazy("Which pack"),
        description=lazy(
            "For organisers alone. Of whoever withdraws later, the office is told the record in it."
        ),
        validators=[answered(lambda: _("Choose what was handed over"))],
    )
    signature_count = IntegerField(
        label=lazy("Signatures handed over"),
        description=lazy("As many as are in what you handed over."),
        validators=[entered(lambda: _("Enter how many signatures were handed over"))],
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
    bring = _bring(default=True)
    note = note_field()

    def __init__(self, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(delivery, **kwargs)
        self.packs = {str(one.id): one for one in packs_of(delivery.id) if one.row_count}
        if not self.packs:
            del self.pack_id
            return
        self.pack_id.choices = [
            *(
                SelectChoice(str(one.pack.id), one.called)
                for one in lines_of([*self.packs.values()])
            ),
            SelectChoice(NO_PACK, _("None of these: paper alone, or a file from elsewhere")),
        ]

    def take_over(self, again: DeliveryStep) -> None:
        """Choose the pack that it was."""
        if self.packs:
            self.pack_id.data = str(again.pack_id or NO_PACK)

    def to_said(self) -> Said:
        """Return what was filled in, with the pack."""
        chosen = self.packs.get(self.pack_id.data) if self.packs else None
        return replace(super().to_said(), pack_id=chosen.id if chosen else None)

    def validate_signature_count(self, field: IntegerField) -> None:
        """Refuse a number that the petition never had, and another than that of the pack."""
        chosen = self.packs.get(self.pack_id.data) if self.packs else None
        if chosen is not None and field.data and field.data != chosen.row_count:
            raise ValidationError(
                _(
                    "The pack that you chose has %(count)s: enter that, or choose another",
                    count=number(chosen.row_count or 0),
                )
            )
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
    source_url = address_field(
        lazy("Where it can be read"), lazy("A web address, where the answer is public.")
    )
    bring = _bring(default=False)
    note = note_field()

    def take_over(self, again: DeliveryStep) -> None:
        """Forget where it can be read: an answer that was not genuine would lead there again."""
        self.source_url.data = ""


class ClosedForm(StepForm):
    """Nothing more is expected."""

    kind = StepKind.CLOSED
    day = day_field(lazy("Day"))
    language = language_field()
    words = _words(lazy("How it ended"))
    note = note_field()


class RetractedForm(StepForm):
    """The last entry was a mistake."""

    kind = StepKind.RETRACTED
    language = language_field()
    words = _words(
        lazy("Why it is taken back"),
        missing=lambda: _("Say why; nothing was taken back"),
        about=lazy("The public reads this. Name nobody."),
    )
    note = note_field()


FORMS: Mapping[StepKind, type[StepForm]] = {
    form.kind: form
    for form in (PackedForm, HandedOverForm, AnsweredForm, ClosedForm, RetractedForm)
}


def blank(kind: StepKind, delivery: Delivery) -> StepForm:
    """Return the form of a step, with what is likely in it, or what was taken back to be mended.

    Where an answer can be read is not: one that was not genuine would lead there once more.
    """
    again = to_record_again(delivery, kind)
    if again is not None:
        form = FORMS[kind](delivery, formdata=None, obj=again)
        form.take_over(again)
        return form
    likely: dict[str, Any] = {"day": now().date()}
    if kind is StepKind.HANDED_OVER:
        pack = pack_taken_last(delivery.id, now())
        counted = pack.row_count if pack else None
        until = tallied_until(delivery.petition_id, delivery.counted_until)
        likely["signature_count"] = counted or until or None
        likely["pack_id"] = str(pack.id) if pack else NO_PACK
    return FORMS[kind](delivery, formdata=None, data=likely)
