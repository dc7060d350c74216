"""Presets: which rows they hold, for whom, and how a file of each is read."""

import csv
import io
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportPreset,
    ExportScope,
)
from petition.exports.presets import PRESETS
from petition.petitions.asks import Ask
from petition.signatures.models import Signature
from tests.factories import NOON, make_ask, make_organiser, sign, signed, signer, spoil
from tests.grounds.exporting import made

BOM = b"\xef\xbb\xbf"
BY_CONSENT = {
    *("mailing_list", "action_network", "mailchimp", "brevo", "engaging_networks", "actionkit"),
}
IN_CSV = sorted(set(PRESETS) - {"osdi"})
FOR_TOOLS = set(IN_CSV) - {"spreadsheet", "names", "mailing_list"}
OF_PERSONS = FOR_TOOLS - {"civicrm_activities"}
"""Those that have names: an activity belongs to a contact that is there already."""

pytestmark = pytest.mark.any_database


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(ask: Ask, preset: str, format_: ExportFormat = ExportFormat.CSV) -> Export:
    """Ask for an export of those that count."""
    contents = Contents(preset=ExportPreset(preset), format=format_)
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def read(content: bytes) -> list[dict[str, str]]:
    """Read a file as a program does that knows of no byte order mark."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def only_row(ask: Ask, preset: str) -> dict[str, str]:
    [row] = read(made(begin(ask, preset)))
    return row


@pytest.mark.parametrize("preset", IN_CSV)
def test_consent_decides_the_rows_where_a_tool_mails_whoever_is_uploaded(
    ask: Ask, preset: str
) -> None:
    signed(ask, signer("adalind@example.org", name="Adalind Yes", mail_allowed=True))
    signed(ask, signer("beatrix@example.org", name="Beatrix No"))
    sign(ask, signer("cleopatra@example.org", name="Cleopatra Pending", mail_allowed=True))
    text = made(begin(ask, preset)).decode().lower()

    assert "adalind" in text
    assert ("beatrix" in text) == (preset not in BY_CONSENT)
    assert "cleopatra" not in text


@pytest.mark.parametrize("preset", sorted(set(IN_CSV) - {"spreadsheet"}))
def test_no_preset_but_the_spreadsheet_holds_a_reason(ask: Ask, preset: str) -> None:
    who = signer("nadia@example.org", reason="My brother", mail_allowed=True, postcode="SW1A 1AA")
    signed(ask, who)
    text = made(begin(ask, preset)).decode()

    assert "My brother" not in text
    assert ("nadia@example.org" in text) == (preset != "names")
    assert ("SW1A 1AA" in text) == (preset in OF_PERSONS)


def test_recipients_get_a_running_number_the_name_and_the_country(ask: Ask) -> None:
    sign(ask)
    signed(ask, signer(name="Zoë  Sample", country="FR"))
    signed(ask, signer(name="=1+1", country="GB"))

    assert made(begin(ask, "names")).decode("utf-8-sig") == (
        "number,name,country\r\n1,Zoë  Sample,FR\r\n2,'=1+1,GB\r\n"
    )


def test_the_numbers_run_on_from_batch_to_batch(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petition.exports.rows.CHUNK_ROWS", 2)
    for _ in range(5):
        signed(ask)
    numbers = [row["\ufeffnumber"] for row in read(made(begin(ask, "names")))]

    assert numbers == ["1", "2", "3", "4", "5"]


def test_a_mailing_list_says_what_they_were_asked_and_when_they_answered(ask: Ask) -> None:
    at = NOON + timedelta(minutes=34, seconds=56)
    signed(ask, signer("nadia@example.org", mail_allowed=True), at=at)

    assert only_row(ask, "mailing_list") == {
        "email": "nadia@example.org",
        "name": "Nadia Sample",
        "language": "en",
        "country": "GB",
        "mail_question": ask.mail_question,
        "mail_answered_at": "2026-11-20T12:34:56Z",
    }


@pytest.mark.parametrize("preset", sorted({"mailing_list", *OF_PERSONS}))
def test_a_program_gets_what_was_typed_without_mark_or_shield(ask: Ask, preset: str) -> None:
    signed(ask, signer(name="=1+1", mail_allowed=True))
    content = made(begin(ask, preset))

    assert not content.startswith(BOM)
    assert "=1+1" in next(csv.reader(io.StringIO(content.decode().split("\r\n")[1])))


@pytest.mark.parametrize("preset", ["spreadsheet", "names"])
def test_a_spreadsheet_gets_the_mark_and_runs_nothing(ask: Ask, preset: str) -> None:
    signed(ask, signer(name="=1+1"))
    content = made(begin(ask, preset))

    assert content.startswith(BOM)
    assert "'=1+1" in content.decode()


@pytest.mark.parametrize("preset", sorted(OF_PERSONS))
def test_a_row_that_does_not_open_costs_no_other(ask: Ask, preset: str) -> None:
    first, _ = signed(ask, signer(name="Ada One", mail_allowed=True))
    signed(ask, signer(name="Bea Two", mail_allowed=True))
    spoil(Signature, number=first.id)
    rows = read(made(begin(ask, preset)))

    assert ["Two" in row.values() for row in rows] == [False, True]


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - {"spreadsheet"}))
def test_only_a_spreadsheet_holds_what_does_not_count(ask: Ask, preset: str) -> None:
    everything = Contents(ExportScope.EVERYTHING, ExportPreset(preset))
    with pytest.raises(ValueError, match="no such file"):
        actions.begin(ask.petition_id, make_organiser().id, "To look", everything, now())


CSV, XLSX, JSONL, PDF = ExportFormat
OTHER_FORMATS = {
    "spreadsheet": {CSV, XLSX, JSONL},
    "names": {CSV, XLSX, JSONL, PDF},
    "mailing_list": {CSV, XLSX, JSONL},
    "brevo": {CSV, XLSX},
    "engaging_networks": {CSV, XLSX},
    "osdi": {JSONL},
}


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_comes_in_the_formats_that_its_tool_reads(
    ask: Ask, preset: ExportPreset
) -> None:
    read_by_it = OTHER_FORMATS.get(preset, {CSV})
    for one in ExportFormat:
        if one in read_by_it:
            assert begin(ask, preset, one).format is one
        else:
            with pytest.raises(ValueError, match="no such file"):
                begin(ask, preset, one)


@pytest.mark.parametrize("preset", IN_CSV)
def test_a_reader_with_its_defaults_finds_every_cell_in_its_column(ask: Ask, preset: str) -> None:
    for name in ('Zoë, "Zo" Zarathustra', "Nadia Zarathustra", "'; Ünal"):
        signed(ask, signer(name=name, mail_allowed=True, reason='One,\n"two"\n;three'))
    lines = list(csv.reader(io.StringIO(made(begin(ask, preset)).decode("utf-8-sig"), newline="")))

    assert [len(line) for line in lines] == [len(lines[0])] * 4
    if preset != "civicrm_activities":
        named = [any("Zarathustra" in cell for cell in line) for line in lines[1:]]
        assert named == [True, True, False]


FOR_PANDAS: dict[ExportFormat, tuple[str, dict[str, Any], dict[str, Any]]] = {
    CSV: ("read_csv", {}, {"dtype": "str", "keep_default_na": False}),
    XLSX: ("read_excel", {"engine": "openpyxl"}, {"dtype": "str", "keep_default_na": False}),
    JSONL: ("read_json", {"lines": True}, {"dtype": False}),
}
"""How pandas reads each format, and what leaves its cells as they are: production.md says it."""
GUESSED_AT = {"01067", "1E5", "True", "NA", "null", "2026-01-02", "=1+1"}


@pytest.mark.skipif(find_spec("pandas") is None, reason="there is no pandas here")
@pytest.mark.parametrize("preset", sorted(OF_PERSONS | {"spreadsheet", "names", "mailing_list"}))
def test_pandas_finds_every_row_and_where_it_guesses_nothing_every_cell(
    ask: Ask, preset: str
) -> None:
    pandas = import_module("pandas")
    for name in GUESSED_AT:
        signed(ask, signer(name=name, mail_allowed=True))
    for format_ in PRESETS[ExportPreset(preset)].formats:
        if format_ is PDF:
            continue
        reader, given, guessing_nothing = FOR_PANDAS[format_]
        file, read = made(begin(ask, preset, format_)), getattr(pandas, reader)
        table = read(io.BytesIO(file), **given, **guessing_nothing)

        assert len(read(io.BytesIO(file), **given)) == len(table) == len(GUESSED_AT)
        assert {str(cell).lstrip("'") for row in table.values for cell in row} >= GUESSED_AT
