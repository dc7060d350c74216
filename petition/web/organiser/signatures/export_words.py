"""What organisers read of exports, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_interval
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from petition.core.i18n import countries, writing_locale
from petition.exports.choice import Choice
from petition.exports.models import Export, ExportFormat, ExportPreset, ExportScope, ExportSplit
from petition.exports.presets import MEGABYTE, PRESETS, SPLIT
from petition.exports.writing.limits import Excess
from petition.web.site.formats import listed, long_date, name_of_language, number
from petition.web.site.languages import present_language

MOST_NAMED = 5
"""Countries, where a file is narrowed to many."""


@dataclass(frozen=True, slots=True)
class ExportWords:
    """What is said of an export."""

    scope: Mapping[ExportScope, str]
    preset: Mapping[ExportPreset, str]
    format: Mapping[ExportFormat, str]
    split: Mapping[ExportSplit, str]

    def file_of(self, export: Export) -> str:
        """Return what kind of file an export is."""
        kind = f"{self.preset_of(export)}, {self.format[export.format]}"
        return kind if export.split is ExportSplit.WHOLE else f"{kind}, {self.split[export.split]}"

    def preset_of(self, export: Export) -> str:
        """Return what its preset is called; one of the team's own has a name of its own."""
        return export.own.name if export.own else self.preset[export.preset]

    def which(self, export: Export) -> str:
        """Return which signatures are in it."""
        since = export.since_id
        chain = _("new since file %(number)s", number=since) if since else None
        return listed([self.which_of_all(export), chain])

    def which_of_all(self, export: Export) -> str:
        """Return which signatures are in it and in the files that it continues."""
        others = len(export.others)
        words = [
            self.scope[export.scope],
            *choice_words(export.choice),
            ngettext("with %(num)s further petition", "with %(num)s further petitions", others)
            if others
            else None,
        ]
        return listed(words)


def export_words() -> ExportWords:
    """Return what an export's choices are called."""
    return ExportWords(scope_words(), preset_words(), format_words(), split_words())


def choice_words(choice: Choice) -> list[str]:
    """Return to what a file is narrowed, as far as anything is chosen."""
    names, language = countries(present_language()), present_language()
    found = [names.get(code, code) for code in choice.countries]
    if len(found) > MOST_NAMED:
        more = number(len(found) - MOST_NAMED + 1)
        found = [*found[: MOST_NAMED - 1], _("%(num)s further countries", num=more)]
    spoken = [name_of_language(code) for code in choice.languages]
    sources = [_("“%(source)s”", source=name) for name in choice.sources]
    words = [
        format_list(found, "or", locale=language),
        _days(choice),
        spoken and _("in %(languages)s", languages=format_list(spoken, "or", locale=language)),
        sources and _("from %(sources)s", sources=format_list(sources, "or", locale=language)),
    ]
    return [one for one in words if one]


def _days(choice: Choice) -> str:
    first, last = choice.first_day, choice.last_day
    if first and last:
        if first == last:
            return long_date(first)
        return str(format_interval(first, last, "yMMMd", locale=writing_locale(present_language())))
    if first:
        return _("from %(day)s on", day=long_date(first))
    return _("until %(day)s", day=long_date(last)) if last else ""


def scope_words() -> dict[ExportScope, str]:
    """Return what each scope is called."""
    return {
        ExportScope.CONFIRMED: _("Those that count"),
        ExportScope.EVERYTHING: _("Everything"),
    }


def format_words() -> dict[ExportFormat, str]:
    """Return what each format is called."""
    return {
        ExportFormat.CSV: "CSV",
        ExportFormat.XLSX: "Excel (XLSX)",
        ExportFormat.JSONL: "JSON Lines",
        ExportFormat.PDF: "PDF",
    }


def split_words() -> dict[ExportSplit, str]:
    """Return in how many files each split is."""
    return {
        ExportSplit.WHOLE: _("One file"),
        ExportSplit.COUNTRY: _("A file for each country, in a ZIP"),
        ExportSplit.SIZE: _("As many as its tool’s limit asks for, in a ZIP"),
    }


def one_of(formats: Iterable[ExportFormat]) -> str:
    """Return these formats to choose from, in words."""
    words = format_words()
    return format_list([words[one] for one in formats], "or", locale=present_language())


def split_formats() -> str:
    """Return in which formats there can be several files."""
    return one_of(SPLIT)


def preset_words() -> dict[ExportPreset, str]:
    """Return what each preset is called: a tool has its own name in every language.

    They are in the order in which one looks for them: what anybody may want, then tools from A.
    """
    return {
        ExportPreset.SPREADSHEET: _("Spreadsheet"),
        ExportPreset.NAMES: _("Names and countries"),
        ExportPreset.MAILING_LIST: _("Mailing list"),
        ExportPreset.ACTION_NETWORK: "Action Network",
        ExportPreset.ACTIONKIT: "ActionKit",
        ExportPreset.BREVO: "Brevo",
        ExportPreset.CIVICRM: _("CiviCRM contacts"),
        ExportPreset.CIVICRM_ACTIVITIES: _("CiviCRM activities"),
        ExportPreset.ENGAGING_NETWORKS: "Engaging Networks",
        ExportPreset.MAILCHIMP: "Mailchimp",
        ExportPreset.NATIONBUILDER: "NationBuilder",
        ExportPreset.OSDI: "OSDI",
        ExportPreset.NPSP: "Salesforce NPSP",
    }


def preset_groups() -> dict[str, Sequence[ExportPreset]]:
    """Return under which heading one finds each preset."""
    presets = list(preset_words())
    return {
        _("To read or to hand over"): [one for one in presets if PRESETS[one].for_spreadsheets],
        _("For a tool that sends mail or keeps supporters"): [
            one for one in presets if not PRESETS[one].for_spreadsheets
        ],
    }


def preset_help() -> dict[ExportPreset, str]:
    """Return for whom each preset is, which rows and columns it has, and its formats."""
    return {
        preset: _("%(help)s As %(formats)s.", help=words, formats=one_of(PRESETS[preset].formats))
        for preset, words in _preset_help().items()
    }


def _preset_help() -> dict[ExportPreset, str]:
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
        **_help_for_crms(),
        ExportPreset.MAILCHIMP: _("Only those who said yes to mail: a file has one status."),
        ExportPreset.BREVO: _(
            "Only those who said yes to mail, since a file goes to one list. Your account may "
            "call its attributes otherwise, in its own language: match them while importing."
        ),
        ExportPreset.ENGAGING_NETWORKS: _(
            "Only those who said yes to mail; “Email opt-in” is Y. Your account has its own labels "
            "for fields: match them while importing."
        ),
        ExportPreset.ACTIONKIT: _(
            "Only those who said yes to mail, since a file goes to one list. Some headers may "
            "have to be corrected while importing."
        ),
        ExportPreset.OSDI: _(
            "For programmers: only those who said yes to mail, each line to be posted to the "
            "signatures of a petition at Action Network. It subscribes who is new there, and "
            "nobody who has left."
        ),
    }


def _help_for_crms() -> dict[ExportPreset, str]:
    return {
        ExportPreset.CIVICRM: _(
            "All that count; “is_opt_out” is 1 for those who did not say yes to mail. Countries "
            "are named in English; CiviCRM spells a few otherwise."
        ),
        ExportPreset.CIVICRM_ACTIVITIES: _(
            "All that count, each as an activity of the type “Petition”. Import the contacts "
            "first: an activity finds its contact by the e-mail address or External Identifier."
        ),
        ExportPreset.NATIONBUILDER: _(
            "All that count; “email_opt_in” is Y or N. Dates are month/day/year."
        ),
        ExportPreset.NPSP: _(
            "For the Import Wizard. All that count; “Contact1 Consent Opt-In” is TRUE or FALSE. "
            "An admin must add the fields of consent and the full name by Advanced Mapping."
        ),
    }


def excess_words(export: Export, excess: Excess) -> str:
    """Return what is too much about a file, and how much would not be."""
    rows = number(excess.rows)
    if excess.most_bytes is None:
        return _(
            "It has several sheets, and a tool may read the first alone, with %(rows)s rows. "
            "CSV has no sheets.",
            rows=rows,
        )
    return _(
        "%(tool)s takes files of at most %(size)s MB. About %(rows)s rows of this one fit into "
        "that. Make it in several files before you import it.",
        tool=export_words().preset_of(export),
        size=excess.most_bytes // MEGABYTE,
        rows=rows,
    )
