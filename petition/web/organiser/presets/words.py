"""What organisers read of the columns that a preset of their own can have."""

from collections.abc import Mapping

from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from petition.exports.own.models import OwnField


def field_choices() -> list[SelectChoice]:
    """Return what a column can have, under headings; the first is no column at all."""
    none = SelectChoice("", _("– no column –"))
    return [
        none,
        *(
            SelectChoice(field, words, optgroup=heading)
            for heading, fields in _groups().items()
            for field, words in fields.items()
        ),
    ]


def _groups() -> Mapping[str, Mapping[OwnField, str]]:
    return {
        _("The person"): {
            OwnField.NAME: _("Full name"),
            OwnField.GIVEN_NAME: _("Given name"),
            OwnField.FAMILY_NAME: _("Family name"),
            OwnField.EMAIL: _("E-mail address"),
            OwnField.COUNTRY: _("Country, as its code: GB"),
            OwnField.COUNTRY_NAME: _("Country, by its name in English"),
            OwnField.POSTCODE: _("Postcode"),
            OwnField.LANGUAGE: _("Language: fr"),
            OwnField.LOCALE: _("Language and country: fr_FR"),
        },
        _("Mail"): {
            OwnField.MAIL_ALLOWED: _("Said yes to mail: yes or no"),
            OwnField.MAIL_QUESTION: _("What they were asked about mail"),
            OwnField.MAIL_ANSWERED_AT: _("When they answered that"),
        },
        _("What they signed"): {
            OwnField.SIGNED_AT: _("When they signed"),
            OwnField.CONFIRMED_AT: _("When they confirmed"),
            OwnField.CONFIRMED_DAY: _("On which day they confirmed"),
            OwnField.REASON: _("Reason, in their own words"),
            OwnField.VISIBILITY: _("How the name appears in public"),
            OwnField.PETITION: _("Petition, by its short name"),
            OwnField.PETITION_VERSION: _("Version of the petition"),
            OwnField.TEXT_LANGUAGE: _("Language of the text"),
            OwnField.SOURCE: _("Source that the address named: newsletter-nov"),
        },
        _("The signature"): {
            OwnField.SIGNATURE: _("Its number: 12"),
            OwnField.REFERENCE: _("Its number, unlike other systems’: petition:12"),
            OwnField.STATE: _("Its state: confirmed, pending"),
            OwnField.ON_HOLD: _("Whether it is on hold: yes or no"),
        },
    }
