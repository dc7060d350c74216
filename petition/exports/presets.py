"""For whom a file is meant: which columns it has, under which headers, and which rows.

No preset of ours but the spreadsheet, which has all, holds a reason: it is free words, and may tell
of others. One that a team has made itself may hold it where people are to read it, and so never in
JSON Lines.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from operator import attrgetter, itemgetter
from typing import TypeVar, cast

from petition.core.errors import DomainError
from petition.core.storage.database import session
from petition.exports import cells, columns
from petition.exports.cells import Columns, Take
from petition.exports.choice import Choice
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportPreset,
    ExportScope,
    ExportSplit,
)
from petition.exports.osdi import identifiers
from petition.exports.own.models import OwnField, OwnPreset
from petition.exports.own.queries import own_preset
from petition.exports.queries import titles_of
from petition.exports.rows import (
    OF_ONE_PETITION,
    Cell,
    Count,
    Row,
    as_typed,
    batches,
)

Written = TypeVar("Written", bound=Cell)
_of_one = itemgetter(slice(len(OF_ONE_PETITION)))


def _fields(*names: str) -> Columns:
    return tuple((name, attrgetter(name)) for name in names)


@dataclass(frozen=True, slots=True)
class Preset:
    """What a file holds, and for whom."""

    columns: Columns
    titled: str = ""
    """The header of one more column, the last, which has the petition's title in every line."""
    consenting: bool = False
    """Only rows of those who said yes to mail: the tool subscribes whoever is uploaded."""
    tells_of_mail: bool = False
    """Says of each row whether mail is allowed."""
    for_spreadsheets: bool = False
    """For people to read. In CSV it begins with a byte order mark, by which a spreadsheet sees that
    it is UTF-8, and no cell of it can be taken for a formula. A program would take both for what
    people have typed."""
    counted: bool = False
    """The lines are numbered, and the numbers mean nothing outside the file."""
    tells_all: bool = False
    """Has all that we hold; where several petitions are in it, also which it is."""
    names_signatures: bool = True
    """Has the number of each signature, so that one that has left can be found in it."""
    has_addresses: bool = True
    """Has the e-mail address of each; what tells of changes may name it then."""
    scopes: tuple[ExportScope, ...] = (ExportScope.CONFIRMED,)
    formats: tuple[ExportFormat, ...] = (ExportFormat.CSV,)
    most_bytes: int | None = None
    """How large a file the tool takes, where it says so."""

    def headers_of(self, export: Export) -> tuple[str, ...]:
        """Return the name of each column."""
        names = tuple(name for name, _ in self._columns_of(export))
        names = (*names, self.titled) if self.titled else names
        return ("number", *names) if self.counted else names

    @property
    def by_address(self) -> bool:
        """Whether its tool mails, or knows nobody by a number: people are found by an address."""
        mails_or_has_no_number = self.consenting or (
            self.tells_of_mail and not self.names_signatures
        )
        return self.has_addresses and mails_or_has_no_number

    @property
    def refers(self) -> bool:
        """Whether it says "petition:12" where others have the bare number."""
        return any(take in (cells.reference, identifiers) for _, take in self.columns)

    def can_be(self, contents: Contents) -> bool:
        """Whether there is such a file of this preset; sheets in PDF are of one petition."""
        is_known = contents.scope in self.scopes and contents.format in self.formats
        if not self._can_be_split(contents):
            return False
        return is_known and not (contents.further and contents.format is ExportFormat.PDF)

    def _can_be_split(self, contents: Contents) -> bool:
        split = contents.split
        if split is ExportSplit.SIZE and self.most_bytes is None:
            return False
        return split is ExportSplit.WHOLE or contents.format in SPLIT

    def lines(
        self, export: Export, counted: Count, words: Callable[[Cell], Written]
    ) -> Iterator[Iterable[Sequence[Written | str]]]:
        """Yield the cells of the file batch by batch, each written by `words`; count the rows."""
        if self.tells_all:
            found = batches(export, counted, words, consenting=self.consenting)
            as_they_are = found if export.others else (map(_of_one, rows) for rows in found)
            yield from cast("Iterator[Iterable[Sequence[Written | str]]]", as_they_are)
            return
        takes = self._takes(export)
        numbers = count(1)
        for rows in batches(export, counted, as_typed, consenting=self.consenting):
            yield self._lines(takes, rows, numbers, words)

    def lines_of(self, export: Export, rows: Iterable[Row]) -> list[list[Cell]]:
        """Return the cells of these rows as the first lines of a file, in no format yet."""
        return [list(line) for line in self._lines(self._takes(export), rows, count(1), as_typed)]

    def teller(self, export: Export) -> Callable[..., Iterator[Sequence[Written]]]:
        """Return what makes lines of some rows, of their numbers and of what writes a cell."""
        return partial(self._lines, self._takes(export))

    def _columns_of(self, export: Export) -> Columns:
        return (
            (*self.columns, *_fields("petition"))
            if self.tells_all and export.others
            else (self.columns)
        )

    def _takes(self, export: Export) -> list[Take]:
        takes = [take for _, take in self._columns_of(export)]
        if self.titled:
            titles = titles_of(export)
            takes.append(lambda row: titles[row.petition])
        return takes

    def _lines(
        self,
        takes: Sequence[Take],
        rows: Iterable[Row],
        numbers: Iterator[int],
        words: Callable[[Cell], Written],
    ) -> Iterator[Sequence[Written]]:
        for row, nth in zip(rows, numbers, strict=False):
            cells = [words(take(row)) for take in takes]
            yield [words(nth), *cells] if self.counted else cells


OURS = (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.JSONL)
SPLIT = (ExportFormat.CSV, ExportFormat.JSONL)
"""What can be made in parts."""
TABLES = (ExportFormat.CSV, ExportFormat.XLSX)
MEGABYTE = 1_000_000

PRESETS = {
    # All that we hold, to look at and to work with.
    ExportPreset.SPREADSHEET: Preset(
        columns=_fields(*OF_ONE_PETITION),
        tells_of_mail=True,
        for_spreadsheets=True,
        tells_all=True,
        scopes=(ExportScope.CONFIRMED, ExportScope.EVERYTHING),
        formats=OURS,
    ),
    # What recipients may have, as the privacy page promises, and nothing else.
    ExportPreset.NAMES: Preset(
        columns=_fields("name", "country"),
        for_spreadsheets=True,
        counted=True,
        names_signatures=False,
        has_addresses=False,
        formats=(*OURS, ExportFormat.PDF),
    ),
    # Those who said yes to mail, what they were asked, and when they answered.
    ExportPreset.MAILING_LIST: Preset(
        columns=_fields(
            "email", "name", "language", "country", "mail_question", "mail_answered_at"
        ),
        consenting=True,
        names_signatures=False,
        formats=OURS,
    ),
    ExportPreset.ACTION_NETWORK: Preset(columns.ACTION_NETWORK, consenting=True),
    ExportPreset.CIVICRM: Preset(columns.CIVICRM, tells_of_mail=True),
    ExportPreset.CIVICRM_ACTIVITIES: Preset(columns.CIVICRM_ACTIVITIES, titled="Subject"),
    ExportPreset.NATIONBUILDER: Preset(
        columns.NATIONBUILDER, tells_of_mail=True, most_bytes=50 * MEGABYTE
    ),
    ExportPreset.NPSP: Preset(columns.NPSP, tells_of_mail=True, names_signatures=False),
    ExportPreset.MAILCHIMP: Preset(columns.MAILCHIMP, consenting=True),
    ExportPreset.BREVO: Preset(
        columns.BREVO, consenting=True, formats=TABLES, most_bytes=250 * MEGABYTE
    ),
    # Whether a file subscribes was not found: so only those go into it who want it.
    ExportPreset.ENGAGING_NETWORKS: Preset(
        columns.ENGAGING_NETWORKS, consenting=True, formats=TABLES, most_bytes=20 * MEGABYTE
    ),
    ExportPreset.ACTIONKIT: Preset(columns.ACTIONKIT, consenting=True),
    ExportPreset.OSDI: Preset(columns.OSDI, consenting=True, formats=(ExportFormat.JSONL,)),
}


class PresetGone(DomainError):
    """A preset of the team's own was changed or retired since it was chosen."""


class NoSuchFile(DomainError):
    """A preset has no file of these contents."""


class NotEncrypted(DomainError):
    """A file would be in the clear for somebody, although its preset requires keys."""


def preset_of(export: Export) -> Preset:
    """Return by which preset an export is made: by one of the team's own as it was then."""
    own = own_of(export)
    return of_own(own) if own else PRESETS[export.preset]


def own_of(export: Export) -> OwnPreset | None:
    """Return the preset of the team's own by which an export is made, also one not yet stored."""
    if export.own is not None or export.own_preset_id is None:
        return export.own
    return session.get_one(OwnPreset, export.own_preset_id)


def of_own(own: OwnPreset) -> Preset:
    """Return what a file holds by a preset of the team's own.

    Signatures that do not count are told apart by their state alone.
    """
    tells_states = own.for_spreadsheets and own.has(OwnField.STATE) and not own.consenting
    return Preset(
        columns=tuple((one.heading, columns.OWN[one.field]) for one in own.columns),
        consenting=own.consenting,
        tells_of_mail=own.has(OwnField.MAIL_ALLOWED),
        for_spreadsheets=own.for_spreadsheets,
        names_signatures=own.has(OwnField.SIGNATURE) or own.has(OwnField.REFERENCE),
        has_addresses=own.has(OwnField.EMAIL),
        scopes=tuple(ExportScope) if tells_states else (ExportScope.CONFIRMED,),
        formats=TABLES if own.has(OwnField.REASON) else OURS,
    )


def choice_of(own: OwnPreset) -> Choice:
    """Return to what a preset of the team's own narrows a file."""
    days = own.first_day, own.last_day
    return Choice.kept(own.countries, own.languages, *days, own.sources)


def settled(contents: Contents) -> Contents:
    """Return what a file will hold: by a preset of the team's own, narrowed and encrypted as it is.

    Raises PresetGone and ChoiceRefused.
    """
    if contents.preset is not ExportPreset.OWN:
        return contents
    own = _chosen(contents)
    keys = tuple(dict.fromkeys((*own.keys, *contents.encrypted_for)))
    choice = contents.choice.within(choice_of(own))
    return replace(contents, choice=choice, encrypted_for=keys)


def allowed(contents: Contents) -> Contents:
    """Return what a file will hold, once it is seen that there may be such a file.

    Raises PresetGone, ChoiceRefused, NotEncrypted and NoSuchFile.
    """
    is_own = contents.preset is ExportPreset.OWN
    whole = settled(contents)
    preset = of_own(_chosen(contents)) if is_own else PRESETS[contents.preset]
    if not preset.can_be(contents) or is_own != (contents.own is not None):
        raise NoSuchFile(
            "This preset has no such file any more: choose once more what it is to hold."
        )
    if set(whole.encrypted_for) != set(contents.encrypted_for):
        raise NotEncrypted("Files of this preset are made only for the keys that it requires.")
    return whole


def _chosen(contents: Contents) -> OwnPreset:
    own = own_preset(contents.own) if contents.own is not None else None
    if own is None:
        raise PresetGone("This preset was changed or retired meanwhile: choose it once more.")
    return own
