"""Forms that choose what a list shows, and their fields."""

from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import DateField, Form, SelectField
from wtforms.validators import ValidationError

from petition.core.i18n import countries
from petition.web.forms.bounded_form import BoundedForm
from petition.web.forms.fields import with_options
from petition.web.site.languages import present_language


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


class ListedCountryField(SelectField):
    """A country, from A to Z."""

    data: str | None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[], validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse a code that is no country's."""
        if self.data and self.data not in countries("en"):
            raise ValidationError(_("Choose from the list"))

    def __call__(self, **kwargs: Any) -> Markup:
        """Render the list, with the country in it that was chosen."""
        return with_options(
            super().__call__(**kwargs), country_options(present_language()), self.data
        )


@lru_cache
def country_options(language: str) -> Markup:
    """Return what stands in the list, made once: it is half the work of a page."""
    option = Markup('<option value="{}">{}</option>')
    names = sorted(countries(language).items(), key=lambda item: item[1])
    options = [option.format(code, name) for code, name in [("", _("All")), *names]]
    return Markup("").join(options)


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
