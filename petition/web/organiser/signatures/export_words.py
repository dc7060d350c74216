"""What organisers read of exports, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from petition.exports.models import ExportFormat, ExportPreset, ExportScope


@dataclass(frozen=True, slots=True)
class ExportWords:
    """What is said of an export."""

    scope: Mapping[ExportScope, str]
    preset: Mapping[ExportPreset, str]
    format: Mapping[ExportFormat, str]


def export_words() -> ExportWords:
    """Return what an export's choices are called."""
    return ExportWords(scope_words(), preset_words(), format_words())


def scope_words() -> dict[ExportScope, str]:
    """Return what each scope is called."""
    return {
        ExportScope.CONFIRMED: _("Those that count"),
        ExportScope.EVERYTHING: _("Everything"),
    }


def format_words() -> dict[ExportFormat, str]:
    """Return what each format is called."""
    return {ExportFormat.CSV: "CSV", ExportFormat.JSONL: "JSON Lines", ExportFormat.PDF: "PDF"}


def preset_words() -> dict[ExportPreset, str]:
    """Return what each preset is called: a tool has its own name in every language."""
    return {
        ExportPreset.SPREADSHEET: _("Spreadsheet"),
        ExportPreset.NAMES: _("Names and countries"),
        ExportPreset.MAILING_LIST: _("Mailing list"),
        ExportPreset.ACTION_NETWORK: "Action Network",
        ExportPreset.CIVICRM: _("CiviCRM contacts"),
        ExportPreset.NATIONBUILDER: "NationBuilder",
        ExportPreset.NPSP: "Salesforce NPSP",
        ExportPreset.MAILCHIMP: "Mailchimp",
        ExportPreset.BREVO: "Brevo",
        ExportPreset.ACTIONKIT: "ActionKit",
    }


def preset_help() -> dict[ExportPreset, str]:
    """Return for whom each preset is, and which rows and columns it has."""
    return {
        ExportPreset.SPREADSHEET: _("All that was given, to work with in Excel or LibreOffice."),
        ExportPreset.NAMES: _(
            "For the petition’s recipients: a running number, the name and the country of each "
            "signature that counts, and nothing else."
        ),
        ExportPreset.MAILING_LIST: _(
            "Only those who said yes to mail: address, name, language and country, what they were "
            "asked and when they answered."
        ),
        ExportPreset.ACTION_NETWORK: _(
            "Only those who said yes to mail, since it subscribes whoever is uploaded."
        ),
        ExportPreset.CIVICRM: _(
            "All that count; “is_opt_out” is 1 for those who did not say yes to mail. Countries "
            "are named in English; CiviCRM spells a few otherwise."
        ),
        ExportPreset.NATIONBUILDER: _(
            "All that count; “email_opt_in” is Y or N. Dates are month/day/year."
        ),
        ExportPreset.NPSP: _(
            "For the Import Wizard. All that count; “Contact1 Consent Opt-In” is TRUE or FALSE. "
            "An admin must add the fields of consent and the full name by Advanced Mapping."
        ),
        ExportPreset.MAILCHIMP: _("Only those who said yes to mail: a file has one status."),
        ExportPreset.BREVO: _(
            "Only those who said yes to mail, since a file goes to one list. Your account may "
            "call its attributes otherwise, in its own language: match them while importing."
        ),
        ExportPreset.ACTIONKIT: _(
            "Only those who said yes to mail, since a file goes to one list. Some headers may "
            "have to be corrected while importing."
        ),
    }
