"""What is wrong with a preset that somebody writes down: all of it at once, each at its field."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from petition.exports.choice import Choice
from petition.exports.composing.drafts import (
    ColumnDraft,
    OwnPresetDraft,
    as_draft,
    check,
    tidied,
)
from petition.exports.own.models import OwnField
from tests.exports.composing.drafting import NAMES, PRESS, PUBLIC, SECRET, made_preset

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.any_database]
ALL = tuple(ColumnDraft(one, one) for one in OwnField)


def problems(draft: OwnPresetDraft) -> dict[tuple[str | int, ...], str]:
    return {problem.field: problem.cause for problem in check(tidied(draft))}


@pytest.mark.parametrize(
    "draft",
    [
        PRESS,
        OwnPresetDraft("Alles", ALL),
        replace(PRESS, name="Für die Presse – حملة", consenting=True, for_spreadsheets=False),
        replace(PRESS, columns=(ColumnDraft("name", "نام‌خانوادگی"),)),
        replace(PRESS, required_keys=("", f"  {PUBLIC} ", "")),
        replace(PRESS, choice=Choice(("GB", "FR"), date(2026, 11, 1), languages=("fr",))),
    ],
)
def test_a_preset_that_can_be_made_has_no_problem(draft: OwnPresetDraft) -> None:
    assert problems(draft) == {}


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"name": " "}, ("name",), "Enter the name."),
        ({"name": "x" * 61}, ("name",), "has 61 characters; it may have 60"),
        ({"name": SECRET[:60]}, ("name",), "That was a secret key"),
        ({"name": "For\0you"}, ("name",), "characters that cannot be seen"),
        ({"columns": ()}, ("columns",), "Choose at least one column."),
        ({"columns": NAMES * 13}, ("columns",), "There are 26 columns; 25 can differ."),
        (
            {"columns": (*NAMES, ColumnDraft("name", "Again"))},
            ("columns", 2, "field"),
            "Column 3 has the same as column 1.",
        ),
        (
            {"columns": (*NAMES, ColumnDraft("email", "WHO"))},
            ("columns", 2, "heading"),
            "Column 3 has the same heading as column 1.",
        ),
        (
            {"columns": (ColumnDraft("name", "x" * 61),)},
            ("columns", 0, "heading"),
            "has 61 characters",
        ),
        (
            {"columns": (ColumnDraft("name", "A\nB"),)},
            ("columns", 0, "heading"),
            "cannot be seen",
        ),
        (
            {"columns": (ColumnDraft("password", "A"),)},
            ("columns", 0, "field"),
            "There is no such column",
        ),
        (
            {"columns": (ColumnDraft("reason", "Why"),), "for_spreadsheets": False},
            ("columns", 0, "field"),
            "only a file to read has it",
        ),
        ({"choice": Choice(countries=("XX",))}, ("choice", "countries"), "no country “XX”"),
        ({"choice": Choice(sources=("A b",))}, ("choice", "sources"), "“A b” is no source"),
        ({"choice": Choice(languages=("klingon",))}, ("choice", "languages"), "no language"),
        (
            {"choice": Choice(first_day=date(2026, 12, 1), last_day=date(2026, 11, 1))},
            ("choice", "days"),
            "The last day is before the first.",
        ),
        (
            {"required_keys": (PUBLIC, "age1nothing")},
            ("required_keys", 1),
            "Line 2 is not a public key of age",
        ),
        ({"required_keys": (PUBLIC,) * 11}, ("required_keys",), "Enter at most 10 keys."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    change: dict[str, Any], place: tuple[str | int, ...], words: str
) -> None:
    found = problems(replace(PRESS, **change))

    assert list(found) == [place]
    assert words in found[place]


def test_all_that_is_wrong_is_said_at_once() -> None:
    columns = (ColumnDraft("name", "\0"), ColumnDraft("name", "\0a"), ColumnDraft("nothing", "A"))
    found = problems(OwnPresetDraft("", columns, required_keys=("no key",)))

    assert list(found) == [
        ("name",),
        ("columns", 0, "heading"),
        ("columns", 1, "heading"),
        ("columns", 2, "field"),
        ("columns", 1, "field"),
        ("required_keys", 0),
    ]


@pytest.mark.parametrize(
    "keys", [(SECRET,), (SECRET.lower(),), (SECRET[:8], SECRET[8:]), (PUBLIC, SECRET)]
)
def test_a_secret_key_is_refused_and_said_again_nowhere(keys: tuple[str, ...]) -> None:
    draft = replace(PRESS, required_keys=keys)
    [(place, words)] = problems(draft).items()

    assert place == ("required_keys",)
    assert "That was a secret key" in words
    assert "QQQ" not in (words + repr(draft)).upper()


def test_a_name_is_taken_however_it_is_written_but_not_by_what_is_replaced() -> None:
    there = made_preset()
    for name in ("For the press", " for  THE press "):
        assert "called “For the press” already" in problems(replace(PRESS, name=name))[("name",)]

    assert list(check(PRESS, instead_of=there)) == []


def test_a_preset_is_written_down_as_it_was_made() -> None:
    choice = Choice(("FR", "GB"), date(2026, 11, 1), date(2026, 11, 30), ("en", "fr"), ("poster",))
    draft = OwnPresetDraft("Alles", ALL, choice=choice, required_keys=(PUBLIC,))

    assert as_draft(made_preset(draft)) == draft
