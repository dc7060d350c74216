"""Fields of the forms that choose what a list shows."""

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, SelectField
from wtforms.validators import ValidationError


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
