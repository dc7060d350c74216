"""For whom a file is meant: which columns it has, under which headers, and which rows.

What each tool takes is in its help; sources and dates stand with each preset. None was tried with
an account of its vendor. Where a header is called unsure, the vendor's own words for it were not
at hand: there the column is matched by hand while importing.

No preset of a tool holds a reason: it is free words, and may tell of others. No column that people
are matched by stands first, where what a reader makes of a file's first bytes could hide it. A
tool's saved mapping knows columns by their places, so columns are never reordered: new ones come
last.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from operator import attrgetter
from typing import TypeVar, cast

from petition.exports.cells import (
    Take,
    confirmed_american_day,
    confirmed_day,
    consent,
    country_in_english,
    family,
    given,
    locale,
    number,
    reference,
)
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset, ExportScope
from petition.exports.rows import Cell, Count, Row, as_typed, batches

Written = TypeVar("Written", bound=Cell)
Columns = tuple[tuple[str, Take], ...]
"""Their header, our value."""


def _fields(*names: str) -> Columns:
    return tuple((name, attrgetter(name)) for name in names)


@dataclass(frozen=True, slots=True)
class Preset:
    """What a file holds, and for whom."""

    columns: Columns
    consenting: bool = False
    """Only rows of those who said yes to mail: the tool subscribes whoever is uploaded."""
    for_spreadsheets: bool = False
    """In CSV it begins with a byte order mark, by which they see that it is UTF-8, and no cell of
    it can be taken for a formula. A program would take both for what people have typed."""
    counted: bool = False
    """The lines are numbered, and the numbers mean nothing outside the file."""
    names_signatures: bool = True
    """Has the number of each signature, so that one that has left can be found in it."""
    scopes: tuple[ExportScope, ...] = (ExportScope.CONFIRMED,)
    formats: tuple[ExportFormat, ...] = (ExportFormat.CSV,)

    @property
    def headers(self) -> tuple[str, ...]:
        """The name of each column."""
        names = tuple(name for name, _ in self.columns)
        return ("number", *names) if self.counted else names

    def can_be(self, contents: Contents) -> bool:
        """Whether there is such a file of this preset."""
        return contents.scope in self.scopes and contents.format in self.formats

    def lines(
        self, export: Export, counted: Count, words: Callable[[Cell], Written]
    ) -> Iterator[Iterable[Sequence[Written | str]]]:
        """Yield the cells of the file batch by batch, each written by `words`; count the rows."""
        if self.headers == Row._fields:
            as_they_are = batches(export, counted, words, consenting=self.consenting)
            yield from cast("Iterator[Iterable[Sequence[Written | str]]]", as_they_are)
            return
        numbers = count(1)
        for rows in batches(export, counted, as_typed, consenting=self.consenting):
            yield self._lines(rows, numbers, words)

    def _lines(
        self, rows: Iterable[Row], numbers: Iterator[int], words: Callable[[Cell], Written]
    ) -> Iterator[Sequence[Written]]:
        takes = [take for _, take in self.columns]
        for row, nth in zip(rows, numbers, strict=False):
            cells = [words(take(row)) for take in takes]
            yield [words(nth), *cells] if self.counted else cells


OURS = (ExportFormat.CSV, ExportFormat.JSONL)
EMAIL, FULL, CODE = attrgetter("email"), attrgetter("name"), attrgetter("country")
POSTCODE, LANGUAGE, QUESTION = (
    attrgetter("postcode"),
    attrgetter("language"),
    attrgetter("mail_question"),
)

SPREADSHEET = Preset(
    columns=_fields(*Row._fields),
    for_spreadsheets=True,
    scopes=(ExportScope.CONFIRMED, ExportScope.EVERYTHING),
    formats=OURS,
)
"""All that we hold, to look at and to work with."""

NAMES = Preset(
    columns=_fields("name", "country"),
    for_spreadsheets=True,
    counted=True,
    names_signatures=False,
    formats=(*OURS, ExportFormat.PDF),
)
"""What recipients may have, as the privacy page promises, and nothing else."""

MAILING_LIST = Preset(
    columns=_fields("email", "name", "language", "country", "mail_question", "mail_answered_at"),
    consenting=True,
    names_signatures=False,
    formats=OURS,
)
"""Those who said yes to mail, what they were asked, and when they answered."""

ACTION_NETWORK = Preset(
    columns=(
        ("First name", given),
        ("Last name", family),
        ("Email", EMAIL),
        ("Country", CODE),
        ("ZIP/postal code", POSTCODE),
        ("Language", LANGUAGE),
        ("Full name", FULL),
        ("Signature", number),
    ),
    consenting=True,
)
"""Action Network: whoever is uploaded is subscribed; custom columns are allowed.

help.actionnetwork.org/hc/en-us/articles/203112959, 203112989, 203113019, 115005025706. Headers
are matched where they equal a field's label; the exact ones of its sample file were not at hand.
"""

CIVICRM = Preset(
    columns=(
        ("First Name", given),
        ("Last Name", family),
        ("Email", EMAIL),
        ("Country", country_in_english),
        ("Postal Code", POSTCODE),
        ("Preferred Language", locale),
        ("is_opt_out", consent("0", "1")),
        ("External Identifier", reference),
        ("Full name", FULL),
    ),
)
"""CiviCRM, contacts: 1 in is_opt_out is no bulk mail. First and last name take 64 characters.

schema/Contact/Contact.entityType.php in civicrm-core; civicrm-user-guide,
docs/common-workflows/importing-data-into-civicrm.md. Unsure: countries are named as the CLDR does
in English, and CiviCRM spells a few otherwise.
"""

NATIONBUILDER = Preset(
    columns=(
        ("first_name", given),
        ("last_name", family),
        ("email", EMAIL),
        ("Address country code", CODE),
        ("Address zip", POSTCODE),
        ("language", LANGUAGE),
        ("email_opt_in", consent("Y", "N")),
        ("external_id", reference),
        ("created_at", confirmed_american_day),
        ("Full name", FULL),
    ),
)
"""NationBuilder: Y and N, dates as MM/DD/YYYY, files of 50 MB at most.

support.nationbuilder.com/en/articles/2895987, 3021365; nationbuilder.com/how_to_import,
/what_fields_are_available_for_imports. Unsure: the header of the country's code.
"""

NPSP = Preset(
    columns=(
        ("Contact1 First Name", given),
        ("Contact1 Last Name", family),
        ("Contact1 Personal Email", EMAIL),
        ("Contact1 Preferred Email", lambda _: "Personal"),
        ("Home Country", country_in_english),
        ("Home Zip/Postal Code", POSTCODE),
        ("Contact1 Consent Opt-In", consent("TRUE", "FALSE")),
        ("Contact1 Consent Message", QUESTION),
        ("Full name", FULL),
    ),
    names_signatures=False,
)
"""Salesforce NPSP, by the labels of the Import Wizard. It holds no dates, which the Wizard would
read in the locale of whoever imports. A first name takes 40 characters, a last name 80.

SalesforceFoundation/NPSP: DataImport__c, NPSP_Data_Import_Template_csv.csv. The fields of consent
are not in that template: an admin adds them by Advanced Mapping, and one for the full name.
"""

MAILCHIMP = Preset(
    columns=(
        ("First Name", given),
        ("Last Name", family),
        ("Email Address", EMAIL),
        ("Country", CODE),
        ("Postcode", POSTCODE),
        ("Language", LANGUAGE),
        ("Confirmed", confirmed_day),
        ("Full name", FULL),
        ("Signature", number),
    ),
    consenting=True,
)
"""Mailchimp: one status for the whole file; a text is cut after 255 bytes.

mailchimp.com/help/format-guidelines-for-your-import-file. Country and postcode are text fields of
one's own: an address there has more parts than we ask for, and a zip five digits. Unsure: dates
as YYYY-MM-DD, read in a secondary page alone.
"""

BREVO = Preset(
    columns=(
        ("FIRSTNAME", given),
        ("LASTNAME", family),
        ("EMAIL", EMAIL),
        ("EXT_ID", reference),
        ("COUNTRY", CODE),
        ("POSTCODE", POSTCODE),
        ("LANGUAGE", LANGUAGE),
        ("FULL_NAME", FULL),
    ),
    consenting=True,
)
"""Brevo: one list for the whole file. Attributes are named in the account's language (unsure).

help.brevo.com/hc/en-us/articles/208729849; developers.brevo.com/reference/importcontacts-1. It
holds no dates and no booleans: how Brevo spells them was not found.
"""

ACTIONKIT = Preset(
    columns=(
        ("first_name", given),
        ("last_name", family),
        ("email", EMAIL),
        ("country", country_in_english),
        ("postal", POSTCODE),
        ("lang", LANGUAGE),
        ("created_at", confirmed_day),
        ("user_full_name", FULL),
        ("action_consent_text", QUESTION),
        ("action_signature", number),
    ),
    consenting=True,
)
"""ActionKit: every row becomes an action on one page, and its user is on that page's list.

docs/manual/guide/uploads.html and uploads_reference.html of any instance, whose list was cut after
"d". Unsure, therefore: first_name, last_name, postal, lang. An empty country would be taken for
the United States; ours never is empty.
"""

PRESETS = {
    ExportPreset.SPREADSHEET: SPREADSHEET,
    ExportPreset.NAMES: NAMES,
    ExportPreset.MAILING_LIST: MAILING_LIST,
    ExportPreset.ACTION_NETWORK: ACTION_NETWORK,
    ExportPreset.CIVICRM: CIVICRM,
    ExportPreset.NATIONBUILDER: NATIONBUILDER,
    ExportPreset.NPSP: NPSP,
    ExportPreset.MAILCHIMP: MAILCHIMP,
    ExportPreset.BREVO: BREVO,
    ExportPreset.ACTIONKIT: ACTIONKIT,
}
