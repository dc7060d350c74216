"""The table of recipients: what each cell says, and every mistake in it."""

import time
from datetime import date
from pathlib import Path

import pytest

from petition.publishing.tables.importing import TableRefused
from petition.publishing.tables.table import MOST_MISTAKES, read_table
from petition.recipients.models import Channel, Paper, Recipient
from tests.factories import rows
from tests.recipients.tables import COUNCIL, MEMBER, MINISTER, load, recipient, saved, saved_text

pytestmark = pytest.mark.usefixtures("database")


def refusal(file: Path) -> list[str]:
    """Return the mistakes for which a file is refused; nothing of it is kept."""
    before = rows(Recipient)
    with pytest.raises(TableRefused) as refused:
        load(file)
    assert rows(Recipient) == before
    return refused.value.mistakes


def test_a_row_says_everything_about_an_office(tmp_path: Path) -> None:
    load(saved(tmp_path, MINISTER))
    found = recipient("ca-minister")
    room = found.mailroom

    assert room is not None
    assert found.office["fr"] == "Ministre des Affaires étrangères"
    assert (found.holder, found.holders[0].since) == ("Mx Sample Holder", date(2025, 5, 13))
    assert (found.email, found.languages) == ("minister@example.org", ["en", "fr"])
    assert room.channels == [Channel.EMAIL, Channel.FORM, Channel.POST]
    assert room.address == "Minister of Foreign Affairs\n125 Sample Drive\nOttawa"
    assert (room.country, room.paper, room.zone_name) == ("CA", Paper.LETTER, "America/Toronto")
    assert (room.hours_from, room.hours_until, room.hourly_cap) == (8, 16, 30)
    assert room.salutation == {"en": "Dear Minister,"}
    assert not room.constituents_only
    assert (room.verified_on, room.verified_source) == (
        date(2026, 11, 1),
        "https://example.org/cabinet",
    )


def test_an_empty_cell_gives_nothing(tmp_path: Path) -> None:
    load(saved(tmp_path, {**COUNCIL, "holder": "", "email": " ", "channels": "", "hours": "\n"}))
    found = recipient("eu-council")

    assert (found.holder, found.email, found.mailroom) == (None, None, None)


def test_a_representative_has_areas_one_of_which_may_be_the_whole_country(tmp_path: Path) -> None:
    load(saved(tmp_path, MEMBER, {**MEMBER, "slug": "gb-lord", "areas": "*"}))

    assert sorted(area.prefix for area in recipient("gb-member").areas) == ["SA1", "SA2"]
    assert [area.prefix for area in recipient("gb-lord").areas] == [""]


@pytest.mark.any_database
@pytest.mark.parametrize("hours", ["8-16", "8–16", "8 to 16", " 8 - 16 "])
def test_hours_are_read_as_people_write_them(tmp_path: Path, hours: str) -> None:
    load(saved(tmp_path, {**MINISTER, "hours": hours}))
    room = recipient("ca-minister").mailroom

    assert room is not None
    assert (room.hours_from, room.hours_until) == (8, 16)


def test_what_spreadsheets_leave_behind_does_no_harm(tmp_path: Path) -> None:
    heading, line = "slug,jurisdiction,office.en,,", "eu-council,EU,Council,,,,"
    load(saved_text(tmp_path, f"\ufeff{heading}\r\n\r\n{line}\r\n,,,,\r\n"))

    assert recipient("eu-council").office == {"en": "Council"}


def test_line_ends_within_an_address_are_of_one_kind(tmp_path: Path) -> None:
    load(saved(tmp_path, {**MINISTER, "address": "One\r\nTwo\rThree"}))
    room = recipient("ca-minister").mailroom

    assert room is not None
    assert room.address == "One\nTwo\nThree"


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        ({"jurisdiction": "FR"}, "“jurisdiction” is “FR”; it can be US, CA, GB, EU."),
        ({"jurisdiction": ""}, "“jurisdiction” is missing."),
        ({"slug": "Not A Slug"}, "“slug” may have small letters"),
        ({"slug": ""}, "“slug” is missing"),
        ({"email": "nobody"}, "“email” is no e-mail address: “nobody”."),
        ({"email": "ministré@example.org"}, "do not take: “é” (LATIN SMALL LETTER E WITH ACUTE)"),
        ({"email": "a\u200bb@example.org"}, "(ZERO WIDTH SPACE)"),
        ({"email": "почта@example.org"}, "Write the address with the letters a to z."),
        ({"email": ""}, "the channel “email” needs “email”."),
        ({"holder_since": "13/05/2025"}, "“holder_since” is “13/05/2025”; write a day like"),
        ({"verified_on": "2026-02-30"}, "“verified_on” is “2026-02-30”; there is no such day."),
        ({"verified_on": "0206-02-20"}, "“0206-02-20”; it is in the year 206; write one from 1900"),
        ({"verified_source": ""}, "“verified_on” and “verified_source” go together."),
        ({"hourly_cap": "a few"}, "“hourly_cap” is “a few”; write a whole number"),
        ({"hourly_cap": "12345678901"}, "write a whole number of at most six digits."),
        ({"hourly_cap": "0"}, "“hourly_cap” has to be at least 1"),
        ({"constituents_only": "TRUE"}, "“constituents_only” is “TRUE”; write yes or no."),
        ({"hours": "17-Sep"}, "a spreadsheet has made a date or a number of it: write 9 to 17."),
        ({"zone": "Ottawa"}, "there is no time zone “Ottawa”"),
        ({"form_url": "javascript:run()"}, "“form_url” has to begin with https://."),
        ({"holder": ""}, "“holder_since” needs “holder”."),
        ({"channels": ""}, "“paper”, “zone”, “days”, “hours”, “hourly_cap”"),
        ({"channels": "pigeon"}, "“channels” is “pigeon”"),
        ({"office.en": "Mini\0ster"}, "it has a character that cannot be printed."),
        ({"office.tlh-x": "Qang"}, "there is no language “tlh-X”"),
    ],
)
def test_a_mistake_names_its_row_and_its_cause(
    tmp_path: Path, cells: dict[str, str], cause: str
) -> None:
    [mistake] = refusal(saved(tmp_path, COUNCIL, {**MINISTER, **cells}))

    assert cause in mistake
    row = 1 if "language" in cause else 3
    assert mistake.startswith(f"offices.csv, row {row}: ")


@pytest.mark.any_database
@pytest.mark.parametrize("cell", ["=1+1", "+44", "-", "@here", " =A1", "\t=A1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(tmp_path: Path, cell: str) -> None:
    [mistake] = refusal(saved(tmp_path, {**MINISTER, "holder": cell}))

    assert mistake.startswith("offices.csv, row 2: “holder” is ")
    assert "a spreadsheet would run it" in mistake


def test_an_apostrophe_makes_text_of_it(tmp_path: Path) -> None:
    load(saved(tmp_path, {**MINISTER, "holder": "'+1 Sample"}))

    assert recipient("ca-minister").holder == "+1 Sample"


@pytest.mark.any_database
def test_every_mistake_is_named_in_the_order_of_the_rows(tmp_path: Path) -> None:
    file = saved(
        tmp_path,
        {**MINISTER, "zone": "Nowhere", "colour": "blue"},
        {**MEMBER, "hours": "late", "verified_on": "soon", "hourly_cap": "-2"},
        COUNCIL,
        {**COUNCIL, "office.en": "The same council"},
        {**MEMBER, "slug": "gb-other", "email": "wrong"},
    )

    assert [one.partition(": ")[0].removeprefix("offices.csv, ") for one in refusal(file)] == [
        "row 1", "row 2", "row 3", "row 3", "row 5", "row 6",
    ]  # fmt: skip


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("", ["row 1: there has to be a column “slug”."]),
        ("jurisdiction\nEU\n", ["row 1: there has to be a column “slug”."]),
        (
            "slug,office,email.en,,holder\n",
            [
                "row 1: there is no column “office”; did you mean “office.en”?",
                "row 1: there is no column “email.en”; did you mean “email”?",
            ],
        ),
        ("slug,email,slug\n", ["row 1: there are two columns “slug”."]),
        (
            "slug,jurisdiction,office.en\na,EU,A,more\nb,EU,B,,\nc,EU,C,,more\n",
            [
                "row 2: there are 4 cells under 3 headings.",
                "row 4: there are 5 cells under 3 headings.",
            ],
        ),
        (
            "slug,jurisdiction,office.en\na,EU,A\nb,EU,B\na,EU,C\n",
            ["row 4: “a” stands in row 2 already."],
        ),
        (
            'slug,jurisdiction,office.en\na,EU,"A\nb,EU,B\n',
            ["row 2: this is no CSV: unexpected end of data."],
        ),
    ],
)
def test_a_table_out_of_shape_is_refused_in_words(
    tmp_path: Path, text: str, mistakes: list[str]
) -> None:
    assert refusal(saved_text(tmp_path, text)) == [f"offices.csv, {one}" for one in mistakes]


def test_a_row_keeps_its_number_behind_cells_of_several_lines(tmp_path: Path) -> None:
    file = saved_text(
        tmp_path, 'slug,jurisdiction,office.en\na,EU,"A\nof\nmany"\n\nb,EU,B\nc,XX,C\n'
    )
    [mistake] = refusal(file)

    assert mistake.startswith("offices.csv, row 5: ")


@pytest.mark.any_database
def test_a_file_in_another_encoding_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "offices.csv"
    file.write_bytes("slug,office.fr\na,Ministère\n".encode("latin-1"))

    assert refusal(file) == [
        "offices.csv, row 2: the file is not in UTF-8; save it as “CSV UTF-8”."
    ]


@pytest.mark.parametrize(
    "table",
    [
        "slug,hours\na,9" + " " * 130_000 + "x\n",
        "x," * 50_000 + "slug," * 50_000,
        "slug,hours\n" + "=a,=b\n" * 300_000,
    ],
    ids=["blanks in a cell", "columns", "mistakes"],
)
def test_a_table_made_to_keep_us_busy_does_not(table: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(table, "utf-8")
    start = time.process_time()

    assert 0 < len(read_table(file).mistakes) <= MOST_MISTAKES + 4
    assert time.process_time() - start < 5
