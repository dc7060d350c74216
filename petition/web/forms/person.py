"""The questions that several public forms ask of a person, each in the same words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from petition.web.forms.fields import (
    CountryField,
    EmailField,
    TextField,
    answered,
    at_most,
    name_like,
    plain_text,
)

NAME_LENGTH = 120
EMAIL_LENGTH = 254


def name_field() -> TextField:
    """Ask for the full name, in one piece."""
    return TextField(
        label=lazy("Full name"),
        validators=[
            answered(lambda: _("Enter your full name")),
            plain_text(),
            at_most(NAME_LENGTH),
            name_like,
        ],
    )


def email_field() -> EmailField:
    """Ask for the e-mail address."""
    return EmailField(
        label=lazy("E-mail address"),
        validators=[
            answered(lambda: _("Enter your e-mail address")),
            plain_text(),
            at_most(EMAIL_LENGTH),
        ],
    )


def country_field() -> CountryField:
    """Ask for the country where one lives."""
    return CountryField(
        label=lazy("Country where you live"),
        validators=[answered(lambda: _("Choose the country where you live"))],
    )
