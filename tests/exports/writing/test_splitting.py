"""Exports of several files: one for each country, or as many as a tool's limit makes of it."""

import io
import json
import tracemalloc
from dataclasses import replace
from zipfile import ZipFile

import pytest

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports.composing.drafts import ColumnDraft, OwnPresetDraft
from petition.exports.models import (
    Contents,
    Export,
    ExportFormat,
    ExportPreset,
    ExportSplit,
)
from petition.exports.presets import PRESETS, NoSuchFile
from petition.exports.rows import Count
from petition.exports.writing.splitting import pieces
from petition.petitions.asks import Ask
from tests.exports.composing.drafting import made_preset
from tests.exports.writing.test_csv import multiply
from tests.factories import OTHER_SLUG, make_ask, make_organiser, signed, signer
from tests.grounds.exporting import as_recorded, made
from tests.grounds.plans import sorts

BY_COUNTRY = Contents(split=ExportSplit.COUNTRY)
NATIONBUILDER = Contents(preset=ExportPreset.NATIONBUILDER)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition that people of three countries signed."""
    ask = make_ask()
    for name, country in (("Ada", "GB"), ("Bea", "FR"), ("Cleo", "GB"), ("Dora", "US")):
        signed(ask, signer(name=f"{name} Sample", country=country, mail_allowed=True))
    return ask


def begin(ask: Ask, contents: Contents) -> Export:
    """Ask for an export."""
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def parts(file: bytes) -> dict[str, str]:
    """Return what is in each part, by its name."""
    with ZipFile(io.BytesIO(file)) as found:
        assert found.testzip() is None
        return {name: found.read(name).decode() for name in found.namelist()}


def peak_of(export: Export) -> int:
    """Return the most memory that making the file takes, in bytes."""
    tracemalloc.start()
    for _piece in pieces(export, Count()):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_each_country_has_a_file_and_an_index_says_how_many_rows(ask: Ask) -> None:
    names = replace(BY_COUNTRY, preset=ExportPreset.NAMES)
    export = begin(ask, names)

    assert parts(made(export)) == {
        "FR.csv": "\ufeffnumber,name,country\r\n1,Bea Sample,FR\r\n",
        "GB.csv": "\ufeffnumber,name,country\r\n1,Ada Sample,GB\r\n2,Cleo Sample,GB\r\n",
        "US.csv": "\ufeffnumber,name,country\r\n1,Dora Sample,US\r\n",
        "index.csv": (
            "file,country,country_name,rows\r\n"
            "FR.csv,FR,France,1\r\nGB.csv,GB,United Kingdom,2\r\nUS.csv,US,United States,1\r\n"
        ),
    }
    kept = as_recorded(export)
    assert (kept.row_count, kept.contents) == (4, names)


def test_parts_are_the_same_however_the_rows_are_batched(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(begin(ask, BY_COUNTRY))
    monkeypatch.setattr("petition.exports.rows.CHUNK_ROWS", 1)

    assert made(begin(ask, BY_COUNTRY)) == whole


def test_parts_hold_the_lines_of_a_whole_file(ask: Ask) -> None:
    signed(make_ask(OTHER_SLUG), signer(name="Elsewhere", country="FR"))
    for preset in (ExportPreset.SPREADSHEET, ExportPreset.CIVICRM_ACTIVITIES):
        contents = Contents(preset=preset)
        head, *lines = made(begin(ask, contents)).decode().splitlines()
        split = replace(contents, split=ExportSplit.COUNTRY)
        found = [text.splitlines() for text in parts(made(begin(ask, split))).values()][:-1]

        assert {text[0] for text in found} == {head}
        assert sorted(line for text in found for line in text[1:]) == sorted(lines)


def test_parts_come_in_json_lines_and_by_a_preset_of_ones_own(ask: Ask) -> None:
    own = made_preset(OwnPresetDraft("Ours", (ColumnDraft("given_name", "Prénom"),)))
    contents = replace(BY_COUNTRY, preset=ExportPreset.OWN, own=own.id, format=ExportFormat.JSONL)
    found = parts(made(begin(ask, contents)))

    assert list(found) == ["FR.jsonl", "GB.jsonl", "US.jsonl", "index.csv"]
    rows = [json.loads(line) for line in found["GB.jsonl"].splitlines()]
    assert rows == [{"Prénom": "Ada"}, {"Prénom": "Cleo"}]


def test_what_is_larger_than_a_tool_takes_goes_on_in_a_further_part(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petition.exports.rows.CHUNK_ROWS", 1)
    whole = made(begin(ask, NATIONBUILDER)).decode().splitlines(keepends=True)

    def split(split: ExportSplit, *, lines: int) -> dict[str, str]:
        most = len("".join(whole[: lines + 1]).encode()) + 5
        bounded = replace(PRESETS[ExportPreset.NATIONBUILDER], most_bytes=most)
        monkeypatch.setitem(PRESETS, ExportPreset.NATIONBUILDER, bounded)
        return parts(made(begin(ask, replace(NATIONBUILDER, split=split))))

    found = split(ExportSplit.SIZE, lines=2)
    assert list(found) == ["signatures.csv", "signatures-2.csv", "index.csv"]
    assert found["signatures.csv"] == "".join(whole[:3])
    assert found["signatures-2.csv"] == "".join([whole[0], *whole[3:]])
    assert found["index.csv"].splitlines()[1:] == ["signatures.csv,,,2", "signatures-2.csv,,,2"]

    found = split(ExportSplit.COUNTRY, lines=1)
    assert list(found) == ["FR.csv", "GB.csv", "GB-2.csv", "US.csv", "index.csv"]


def test_rows_come_by_country_as_an_index_has_them_and_none_wait_to_be_sorted(ask: Ask) -> None:
    export = begin(ask, BY_COUNTRY)

    assert not sorts(lambda: list(pieces(export, Count())))


@pytest.mark.slow("writes thousands of rows")
def test_memory_does_not_grow_with_the_file(ask: Ask) -> None:
    signature, _ = signed(ask, signer(reason="x" * 400))
    multiply(signature, range(1, 4_000))
    small = peak_of(begin(ask, BY_COUNTRY))
    multiply(signature, range(4_000, 12_000))

    assert peak_of(begin(ask, BY_COUNTRY)) < small * 1.2


def test_where_nobody_is_there_is_an_index_alone(database: str) -> None:
    found = parts(made(begin(make_ask(), BY_COUNTRY)))

    assert found == {"index.csv": "file,country,country_name,rows\r\n"}


@pytest.mark.parametrize(
    "contents",
    [
        replace(BY_COUNTRY, format=ExportFormat.XLSX),
        replace(BY_COUNTRY, preset=ExportPreset.NAMES, format=ExportFormat.PDF),
        Contents(split=ExportSplit.SIZE),
    ],
)
def test_no_other_format_is_split_and_by_size_only_where_a_tool_has_a_limit(
    ask: Ask, contents: Contents
) -> None:
    with pytest.raises(NoSuchFile):
        begin(ask, contents)
