"""What an office found in a sample, as an organiser types it in."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import Field, Form, IntegerField
from wtforms.validators import StopValidation, ValidationError

from petition.core.clock import now
from petition.deliveries.models import FIRST_DAY
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.samples.actions import Found
from petition.deliveries.samples.models import InvalidationReason
from petition.deliveries.steps import EARLY_ELSEWHERE
from petition.web.forms.bounded_form import BoundedForm
from petition.web.organiser.deliveries.forms import day_field
from petition.web.site.formats import number

MOST = 2**31 - 1


def _may_be_counted(given: int | None) -> bool:
    return given is not None and 0 <= given <= MOST


def _some(_form: Form, field: Field) -> None:
    """Require a whole number, and say so in our words where something else was typed."""
    if field.data is not None and field.data < 0:
        raise StopValidation(_("No number here is below 0"))
    if not _may_be_counted(field.data):
        field.errors = []
        raise StopValidation(_("Enter a whole number; 0 where there is none"))


_some.field_flags = {"required": True}  # type: ignore[attr-defined]


def _count(label: Any, about: Any = None, **more: Any) -> IntegerField:
    keys = {"inputmode": "numeric", "size": "8"}
    return IntegerField(label=label, description=about, validators=[_some], render_kw=keys, **more)


class SampleForm(BoundedForm):
    """The sample, what was found of it, and how many have to be valid in all."""

    day = day_field(lazy("Day on which the office told you"))
    size = _count(lazy("Signatures in the sample"), lazy("How many rows the office had drawn."))
    valid = _count(
        lazy("Valid"), lazy("Everybody’s, also where somebody is in the sample more than once.")
    )
    unreachable = _count(lazy("Invalid: the mailbox does not answer"), default=0)
    automated = _count(lazy("Invalid: a program signed"), default=0)
    not_a_name = _count(lazy("Invalid: not a name"), default=0)
    of_another = _count(lazy("Invalid: signed under somebody else’s name"), default=0)
    withdrawn = _count(lazy("Invalid: withdrawn by its owner"), default=0)
    duplicates = _count(
        lazy("Duplicates"),
        lazy("How many of the valid ones are somebody’s second. They weigh heavily: see below."),
        default=0,
    )
    required = _count(
        lazy("How many of the whole pack have to be valid"),
        lazy("What the office asks for. Where it asks for no number, the one that you say."),
    )

    def __init__(self, pack: DeliveryPack, **kwargs: Any) -> None:
        self.signatures = pack.row_count or 0
        super().__init__(**kwargs)

    def validate_day(self, field: Field) -> None:
        """Refuse a day to come, and one of long ago."""
        if field.data and not FIRST_DAY <= field.data <= now().date() + EARLY_ELSEWHERE:
            raise ValidationError(_("Enter the day on which it was told, not one to come"))

    def validate_size(self, field: IntegerField) -> None:
        """Refuse none, and more than there are."""
        self._require_of_the_pack(field)

    def validate_required(self, field: IntegerField) -> None:
        """Refuse none, and more than there are."""
        self._require_of_the_pack(field)

    def validate_valid(self, field: IntegerField) -> None:
        """See that all the sample is accounted for."""
        fields = [field, *(self[reason.value] for reason in InvalidationReason)]
        if not all(_may_be_counted(one.data) for one in (self.size, *fields)):
            return
        found = sum(one.data for one in fields)
        if found != self.size.data:
            raise ValidationError(
                _(
                    "Valid and invalid make %(found)s together, and the sample has %(size)s",
                    found=number(found),
                    size=number(self.size.data),
                )
            )

    def validate_duplicates(self, field: IntegerField) -> None:
        """Refuse more than can be: of those valid, one at least is nobody's second."""
        if field.data and _may_be_counted(self.valid.data) and field.data >= self.valid.data:
            raise ValidationError(_("There are fewer duplicates than valid signatures"))

    def to_found(self) -> Found:
        """Return what was filled in."""
        return Found(
            day=self.day.data,
            size=self.size.data or 0,
            valid=self.valid.data or 0,
            invalid={reason: self[reason.value].data for reason in InvalidationReason},
            duplicates=self.duplicates.data or 0,
            required=self.required.data or 0,
        )

    def _require_of_the_pack(self, field: IntegerField) -> None:
        if _may_be_counted(field.data) and not 1 <= field.data <= self.signatures:
            most = number(self.signatures)
            raise ValidationError(_("The pack has %(most)s: enter 1 to %(most)s", most=most))
