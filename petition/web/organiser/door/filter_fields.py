"""Forms that choose what a list shows, and their fields."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Form, SelectField
from wtforms.validators import ValidationError

from petition.web.forms.bounded_form import BoundedForm


class FilterForm(BoundedForm):
    """What a list shows. Sent by GET: it names no person."""

    class Meta:
        """Nothing changes, and every message is our own."""

        csrf = False

        def get_translations(self, _form: Form) -> None:
            """Return no catalogue of WTForms' own."""


class ListedField(SelectField):
    """One of a list; anything else is named in our own words."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what the list does not hold."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(_("Choose from the list")) from None


class DayField(DateField):
    """A day; anything else is named in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a day, like 2026-11-24")) from None

    def pre_validate(self, form: Any) -> None:
        """Refuse days of another century."""
        if self.data and not date(2000, 1, 1) <= self.data <= date(2199, 12, 31):
            raise ValidationError(_("Enter a day, like 2026-11-24"))
