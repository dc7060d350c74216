"""A preset of the team's own as somebody writes it down, and what keeps it from being made."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from petition.core.drafts.problems import Place, Problem
from petition.core.unseen import is_unseen
from petition.exports.choice import Choice, ChoiceRefused, checked
from petition.exports.models import ExportPreset
from petition.exports.own.models import (
    LONGEST_HEADING,
    LONGEST_NAME,
    OwnField,
    OwnPreset,
    known_as,
)
from petition.exports.own.queries import own_preset_named
from petition.exports.presets import PRESETS, choice_of
from petition.exports.writing.age_keys import (
    KEY_LENGTH,
    MOST_KEYS,
    NoPublicKey,
    TooManyKeys,
    holds_secret_key,
    public_keys,
)

FIELDS = frozenset(OwnField)
TO_BEGIN_FROM = (ExportPreset.SPREADSHEET, ExportPreset.NAMES, ExportPreset.MAILING_LIST)
"""Whose columns are called as what they have, and are of no tool."""


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """A column: what it has of each signature, and its heading."""

    field: str
    heading: str


@dataclass(frozen=True, slots=True)
class OwnPresetDraft:
    """A preset as it was written down."""

    name: str
    columns: tuple[ColumnDraft, ...]
    consenting: bool = False
    """Only rows of those who said yes to mail."""
    for_spreadsheets: bool = True
    """For people to read: marked and shielded for spreadsheets. Else for a program, as typed."""
    choice: Choice = Choice()
    required_keys: tuple[str, ...] = field(default=(), repr=False)
    """Public keys of age, as they were entered: somebody may have entered a secret one."""


def as_draft(own: OwnPreset) -> OwnPresetDraft:
    """Return a preset as it would be written down."""
    return OwnPresetDraft(
        name=own.name,
        columns=tuple(ColumnDraft(one.field, one.heading) for one in own.columns),
        consenting=own.consenting,
        for_spreadsheets=own.for_spreadsheets,
        choice=choice_of(own),
        required_keys=own.keys,
    )


def draft_from(preset: ExportPreset) -> OwnPresetDraft:
    """Return one of ours as it would be written down, for another to be begun from it."""
    ours = PRESETS[preset]
    return OwnPresetDraft(
        name="",
        columns=tuple(ColumnDraft(header, header) for header, _ in ours.columns),
        consenting=ours.consenting,
        for_spreadsheets=ours.for_spreadsheets,
    )


def tidied(draft: OwnPresetDraft) -> OwnPresetDraft:
    """Return a draft without spaces around its words and without lines of keys that are empty.

    A column without a heading is called by the name of what it has.
    """
    return replace(
        draft,
        name=draft.name.strip(),
        columns=tuple(ColumnDraft(one.field, _heading_of(one)) for one in draft.columns),
        required_keys=tuple(filter(None, map(str.strip, draft.required_keys))),
    )


def _heading_of(column: ColumnDraft) -> str:
    heading = " ".join(column.heading.split(" ")).strip()
    return heading or (column.field if column.field in FIELDS else "")


def check(
    draft: OwnPresetDraft, *, instead_of: OwnPreset | None = None, may_loosen: bool = False
) -> Iterator[Problem]:
    """Yield everything that is wrong with a draft; it may have the name of what it replaces.

    What that requires is kept, unless `may_loosen`.
    """
    yield from _in_name(draft.name, instead_of)
    yield from _in_columns(draft.columns)
    if not draft.for_spreadsheets:
        yield from _in_what_leaves(draft.columns)
    yield from _in_choice(draft.choice)
    yield from _in_keys(draft.required_keys)
    if instead_of is not None and instead_of.keys and not may_loosen:
        yield from _in_what_is_required(draft, instead_of)


def _in_name(name: str, instead_of: OwnPreset | None) -> Iterator[Problem]:
    cause = wrong_words(name, "name", LONGEST_NAME)
    if cause:
        yield Problem(("name",), cause)
        return
    there = own_preset_named(name)
    if there is not None and there is not instead_of:
        yield Problem(("name",), f"There is a preset called “{there.name}” already.")


def wrong_words(text: str, what: str, most: int) -> str | None:
    """Return what is wrong with a name or heading; None if nothing."""
    if len(text) > most:
        return f"The {what} has {len(text)} characters; it may have {most}."
    if holds_secret_key(text):
        return f"That was a secret key. Keep it secret: it was not stored. Enter the {what} anew."
    if any(map(is_unseen, text)):
        return f"The {what} has characters that cannot be seen: type it anew."
    return None if known_as(text) else f"Enter the {what}."


def _in_columns(columns: Sequence[ColumnDraft]) -> Iterator[Problem]:
    if not columns:
        yield Problem(("columns",), "Choose at least one column.")
    if len(columns) > len(FIELDS):
        yield Problem(("columns",), f"There are {len(columns)} columns; {len(FIELDS)} can differ.")
        return
    for number, one in enumerate(columns):
        if one.field not in FIELDS:
            cause = "There is no such column: choose one from the list."
            yield Problem(("columns", number, "field"), cause)
        if wrong := wrong_words(one.heading, f"heading of column {number + 1}", LONGEST_HEADING):
            yield Problem(("columns", number, "heading"), wrong)
    yield from _twice("field", [one.field for one in columns], "has the same as")
    headings = [known_as(one.heading) for one in columns]
    yield from _twice("heading", headings, "has the same heading as")


def _in_what_leaves(columns: Sequence[ColumnDraft]) -> Iterator[Problem]:
    for number, one in enumerate(columns[: len(FIELDS)]):
        if one.field == OwnField.REASON:
            cause = "A reason is free words and may tell of others: only a file to read has it."
            yield Problem(("columns", number, "field"), cause)


def _twice(part: str, found: Iterable[str], words: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, one in enumerate(found):
        before = first.setdefault(one, number)
        if one and before != number:
            place: Place = ("columns", number, part)
            yield Problem(place, f"Column {number + 1} {words} column {before + 1}.")


def _in_choice(choice: Choice) -> Iterator[Problem]:
    parts = {
        "countries": Choice(countries=choice.countries),
        "languages": Choice(languages=choice.languages),
        "sources": Choice(sources=choice.sources),
        "days": Choice(first_day=choice.first_day, last_day=choice.last_day),
    }
    for name, part in parts.items():
        try:
            checked(part)
        except ChoiceRefused as refused:
            yield Problem(("choice", name), str(refused))


def _in_keys(keys: Sequence[str]) -> Iterator[Problem]:
    place: Place = ("required_keys",)
    if holds_secret_key("".join(keys)):
        cause = (
            "That was a secret key. Keep it secret: it was not stored. Enter the public key that "
            "belongs to it; it begins with age1."
        )
        yield Problem(place, cause)
        return
    try:
        public_keys("\n".join(keys))
    except TooManyKeys:
        yield Problem(place, f"Enter at most {MOST_KEYS} keys.")
    except NoPublicKey as fault:
        cause = (
            f"Line {fault.line} is not a public key of age. One begins with age1 and has "
            f"{KEY_LENGTH} characters."
        )
        yield Problem((*place, fault.line - 1), cause)


def _in_what_is_required(draft: OwnPresetDraft, before: OwnPreset) -> Iterator[Problem]:
    """Yield what would let files that the team knows by a name be made without a key of theirs."""
    if known_as(draft.name) != before.name_key:
        cause = f"Only an owner may rename a preset that requires encryption: “{before.name}”."
        yield Problem(("name",), cause)
    left = set(map(str.lower, draft.required_keys))
    if missing := [key for key in before.keys if key not in left]:
        cause = f"Only an owner may take a required key away: put back {', '.join(missing)}."
        yield Problem(("required_keys",), cause)
