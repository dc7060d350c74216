"""Tables of recipients as spreadsheets write them."""

from pathlib import Path

import pytest

from petition.publishing.tables.importing import TableRefused, look_at
from petition.publishing.tables.table import read_table, write_table
from petition.recipients.queries import all_recipients
from tests.recipients.tables import MEMBER, MINISTER, load, recipient, saved, saved_text

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.any_database]

HEADINGS = "slug,jurisdiction,office.en,email,channels,salutation.en,zone,close.en"
ROW = "gb-a,GB,Office “A” for Société,a@example.org,email,Dear Secretary,Europe/London,Yours"
BOM = "\N{BYTE ORDER MARK}"


def refusal(file: Path) -> list[str]:
    """Return the mistakes for which a file is refused, without the name of the file."""
    with pytest.raises(TableRefused) as refused:
        look_at(read_table(file))
    return [one.removeprefix("offices.csv, ") for one in refused.value.mistakes]


def encoded(folder: Path, text: str, encoding: str) -> Path:
    file = folder / "offices.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", f"{BOM}{HEADINGS}\r\n{ROW}\r\n".replace(",", ";")),
        ("utf-8", f"{HEADINGS}\r\n{ROW}\r\n".replace(",", "\t")),
        ("utf-16", f"{HEADINGS}\r\n{ROW}\r\n".replace(",", "\t")),
        ("utf-8", f"{BOM}sep=,\r\n{HEADINGS}\r\n{ROW}\r\n"),
        ("utf-8", f"sep=;\r\n{HEADINGS}\r\n{ROW}\r\n".replace(",", ";")),
        ("utf-8", f'"sep=;"\r\n{HEADINGS}\r\n{ROW}\r\n'.replace(",", ";")),
        ("utf-8", f"sep=\t\r\n{HEADINGS}\r\n{ROW}\r\n".replace(",", "\t")),
        ("utf-8", f"{HEADINGS.upper()}\r\n{ROW}\r\n"),
        ("utf-8", f"{HEADINGS.title()}\r\n{ROW}\r\n"),
        ("utf-8", f"{HEADINGS.replace('office.en,', 'Office.EN,,')}\n{ROW.replace('é,', 'é,,')}\n"),
    ],
    ids=[
        *("semicolon", "tab", "utf-16", "sep comma", "sep semicolon", "sep quoted", "sep tab"),
        *("capitals", "title", "empty column between two"),
    ],
)
def test_a_table_is_read_as_spreadsheets_of_any_country_write_it(
    encoding: str, text: str, tmp_path: Path
) -> None:
    load(encoded(tmp_path, text, encoding))

    office = recipient("gb-a")
    assert (office.email, office.office) == ("a@example.org", {"en": "Office “A” for Société"})


def test_a_row_keeps_its_number_behind_a_line_that_a_spreadsheet_hides(tmp_path: Path) -> None:
    text = f"sep=,\r\n{HEADINGS}\r\n{ROW.replace('GB', 'FR')}\r\n"

    assert refusal(saved_text(tmp_path, text))[0].startswith("row 2: “jurisdiction” is “FR”")


def test_commas_and_capitals_within_a_cell_are_read(tmp_path: Path) -> None:
    cells = {
        "areas": "SW1, E14",
        "channels": "Email,Representative",
        "days": "Mon;TUE",
        "jurisdiction": "gb",
        "languages": "en, fr",
    }
    load(saved(tmp_path, {**MEMBER, **cells}))
    member = recipient("gb-member")
    room = member.mailroom

    assert sorted(area.prefix for area in member.areas) == ["E14", "SW1"]
    assert member.languages == ["en", "fr"]
    assert room is not None
    assert (room.channels, room.days) == (["email", "representative"], ["mon", "tue"])


def test_words_in_a_column_without_a_heading_are_not_lost_in_silence(tmp_path: Path) -> None:
    text = f"{HEADINGS},,holder\n{ROW},lost,\n"

    assert refusal(saved_text(tmp_path, text)) == [
        "row 2: “lost” stands in a column without a heading."
    ]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        *(("hours", one) for one in ("09-Sep", "9. Sep", "09/17/2026", "17-Sep", "Sep-17")),
        *(("hours", one) for one in ("09. Sept.", "9-sept", "2026-09-17", "09.Sep.26")),
        *(("areas", one) for one in ("01-Dec", "1.00E+05", "1,00E+05", "Dec-01", "1. Dez")),
        ("slug", "1-Mar"),
    ],
)
def test_what_a_spreadsheet_has_made_a_date_of_is_said(
    column: str, cell: str, tmp_path: Path
) -> None:
    [mistake] = refusal(saved(tmp_path, {**MEMBER, column: cell}))

    cure = "write 9 to 17" if column == "hours" else "make text of the column, and write it again"
    assert mistake == (
        f"row 2: “{column}” is “{cell}”; a spreadsheet has made a date or a number of it: {cure}."
    )


@pytest.mark.parametrize(
    ("cell", "cure"),
    [
        ("24/11/2026", "2026-11-24."),
        ("11/24/2026", "2026-11-24."),
        ("24.11.2026", "2026-11-24."),
        ("3/4/2026", "2026-04-03, or 2026-03-04."),
        ("soon", "2026-11-24."),
    ],
)
def test_a_day_in_another_order_is_said_as_we_write_it(
    cell: str, cure: str, tmp_path: Path
) -> None:
    [mistake] = refusal(saved(tmp_path, {**MINISTER, "verified_on": cell}))

    assert mistake == f"row 2: “verified_on” is “{cell}”; write a day like {cure}"


@pytest.mark.parametrize(
    ("country", "cell", "whole"),
    [("US", "2134", "02134"), ("DE", "1067", "01067"), ("FR", "1", "00001"), ("NO", "150", "0150")],
)
def test_a_postcode_that_lost_a_zero_is_asked_about(
    country: str, cell: str, whole: str, tmp_path: Path
) -> None:
    [mistake] = refusal(saved(tmp_path, {**MEMBER, "country": country, "areas": cell}))

    assert f"postcodes of {country} have {len(whole)} digits: has a spreadsheet" in mistake
    assert f"Write {whole}; or {cell}* for all that begin so." in mistake


@pytest.mark.parametrize(
    ("country", "cell", "areas"),
    [
        ("US", "02134", ["02134"]),
        ("US", "2134*", ["2134"]),
        ("US", "2134 02135", ["02135", "2134"]),
        ("GB", "SW1", ["SW1"]),
        ("AT", "1010", ["1010"]),
        ("US", "*", [""]),
    ],
)
def test_a_postcode_that_was_meant_so_is_read(
    country: str, cell: str, areas: list[str], tmp_path: Path
) -> None:
    load(saved(tmp_path, {**MEMBER, "country": country, "areas": cell}))

    assert sorted(area.prefix for area in recipient("gb-member").areas) == areas


@pytest.mark.parametrize("area", ["02134", "2134"])
def test_a_spreadsheet_takes_no_zero_off_an_export(area: str, tmp_path: Path) -> None:
    load(saved(tmp_path, {**MEMBER, "country": "US", "areas": f"{area}*"}))
    file = tmp_path / "offices.csv"
    file.write_bytes(write_table(all_recipients()))

    assert f",{area}*," in file.read_text("utf-8-sig")
    assert look_at(read_table(file)).same == ["gb-member"]


def test_a_workbook_is_told_from_a_table(tmp_path: Path) -> None:
    file = tmp_path / "offices.csv"
    file.write_bytes(b"PK\x03\x04\x14\0\x06\0")

    assert refusal(file) == ["row 1: this is a workbook; save it as “CSV UTF-8”."]


def test_a_heading_that_does_not_exist_is_named_with_the_likely_one(tmp_path: Path) -> None:
    text = HEADINGS.replace("email", "e-mail").replace("zone", "timezone")

    assert refusal(saved_text(tmp_path, f"{text}\n")) == [
        "row 1: there is no column “e-mail”; did you mean “email”?",
        "row 1: there is no column “timezone”; did you mean “zone”?",
    ]
