"""A pack is the same for the same content, is read by anybody's ZIP, and never tells too much."""

import io
import json
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from petition.deliveries.pack.archive import MANIFEST, MOST_FILES
from petition.deliveries.pack.packing import (
    CannotPack,
    Contents,
    Counted,
    Pieces,
    SignedText,
    of_bytes,
    pack,
    zipped,
)
from petition.deliveries.pack.records import Record, Tier, week_of
from petition.deliveries.pack.verify import ROWS, SIGNATURE, TIERS, check
from tests.deliveries.pack.packs import AT, KEY, contents, look, packed, record, unpacked


def test_papers_say_what_was_counted_in_the_rows() -> None:
    told: list[Counted] = []

    def papers(counted: Counted) -> dict[str, Pieces]:
        told.append(counted)
        return {"letter.txt": lambda: [counted.tree.root.encode()]}

    files = unpacked(packed(contents(papers=papers)))
    said = json.loads(files[MANIFEST])

    [counted] = told
    assert files["letter.txt"].decode() == counted.tree.root == said["tree"]["root"]
    assert (counted.totals.signatures, counted.totals.countries) == (7, said["totals"]["countries"])
    assert counted.signed == {"texts/en-2.txt": 5, "texts/fr-2.txt": 2}


@pytest.mark.parametrize("name", ["cover.pdf", ROWS, "verify.py", "texts/x.txt", "../x"])
def test_a_paper_in_the_place_of_another_makes_no_pack(name: str) -> None:
    with pytest.raises(CannotPack, match="No file of a pack may be named"):
        packed(contents(papers=lambda _counted: {name: lambda: [b""]}))


def test_the_same_content_makes_the_same_bytes_and_other_content_others() -> None:
    assert packed() == packed()
    assert packed(contents(8)) != packed()
    assert packed(contents(secret=b"t" * 32)) != packed()


def test_it_holds_what_it_should_in_this_order() -> None:
    assert list(unpacked(packed())) == [
        *(MANIFEST, SIGNATURE),
        *("cover.pdf", "minisign.pub", ROWS, "texts/en-2.txt", "texts/fr-2.txt", "verify.py"),
    ]


def test_the_zip_is_whole_for_other_programs(tmp_path: Path) -> None:
    made = tmp_path / "pack.zip"
    made.write_bytes(packed())
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.compress_type, info.extra, info.flag_bits) == (zipfile.ZIP_STORED, b"", 0)
            assert info.external_attr >> 16 == 0o100644
    for command in (["unzip", "-t"], ["bsdtar", "-tf"], ["7z", "t"]):
        if shutil.which(command[0]):
            ran = subprocess.run([*command, str(made)], capture_output=True, text=True)
            assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("tier", list(Tier))
def test_a_row_says_what_its_tier_allows_and_no_more(tier: Tier) -> None:
    full = {"name": "Nadia Sample", "locality": "SW1A", "address": "1 Sample Road"}
    made = contents(
        tier=tier, records=lambda: [record(1, **full)], texts=[SignedText("en", 2, "A")]
    )
    octets = packed(made)
    said = json.loads(unpacked(octets)[ROWS])["record"]

    assert look(octets).status == 0
    assert [name for name in full if name in said] == list(full)[: TIERS.index(tier)]


def test_a_record_has_no_place_for_an_address_of_mail_or_a_network() -> None:
    assert [field.name for field in fields(Record)] == [
        *("number", "country", "language", "version", "week", "name", "locality", "address")
    ]


def test_each_row_has_a_salt_of_its_own() -> None:
    salts = [json.loads(row)["salt"] for row in unpacked(packed())[ROWS].splitlines()]

    assert len(set(salts)) == len(salts) == 7
    assert {len(salt) for salt in salts} == {64}


def test_a_week_is_that_of_utc() -> None:
    assert week_of(datetime(2027, 1, 3, 23, 59, tzinfo=UTC)) == "2026-W53"
    assert week_of(datetime.fromisoformat("2027-01-04T00:30:00+01:00")) == "2026-W53"


def changing(*readings: list[bytes]) -> Any:
    """Return a file that holds something else each time it is read."""
    left = iter(readings)
    return lambda: next(left)


@pytest.mark.parametrize(
    "pieces",
    [changing([b"one"], [b"two"]), changing([b"one"], []), changing([b"one"], [b"one", b"!"])],
)
def test_what_changes_while_it_is_packed_makes_no_pack(
    pieces: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petition.deliveries.pack.packing.KEPT_BYTES", 0)

    with pytest.raises(CannotPack, match=r"cover.pdf changed"):
        packed(contents(files={"cover.pdf": pieces}))


@pytest.mark.parametrize(
    "name",
    ["../x", "/x", "a/b/c", "", ".x", "a\\b", "é.pdf", ROWS, MANIFEST, "verify.py", "texts/x.txt"],
)
def test_a_file_of_a_bad_name_or_in_the_place_of_another_makes_no_pack(name: str) -> None:
    with pytest.raises(CannotPack, match="No file of a pack may be named"):
        packed(contents(files={name: lambda: [b""]}))


@pytest.mark.parametrize(
    "texts",
    [[], [SignedText("en", 2, "A")], [SignedText(each, 2, "A") for each in ("en", "fr", "es")]],
)
def test_the_texts_are_those_that_were_signed(texts: list[SignedText]) -> None:
    with pytest.raises(CannotPack, match="all of them and no others"):
        packed(contents(texts=texts))


def test_too_many_files_make_no_pack() -> None:
    files = {f"{number}.txt": lambda: [b""] for number in range(MOST_FILES)}
    with pytest.raises(CannotPack, match="too large"):
        packed(contents(files=files))


def test_more_than_two_gibibytes_make_no_pack() -> None:
    huge = replace(of_bytes("huge.pdf", b""), size=1 << 31)
    with pytest.raises(CannotPack, match="too large"):
        next(zipped([huge]))


@pytest.mark.parametrize(("room", "times"), [(1 << 20, 1), (0, 2)])
def test_what_is_set_is_set_once_as_long_as_there_is_room_to_keep_it(
    monkeypatch: pytest.MonkeyPatch, room: int, times: int
) -> None:
    monkeypatch.setattr("petition.deliveries.pack.packing.KEPT_BYTES", room)
    begun: list[str] = []

    def sheets() -> Iterator[bytes]:
        begun.append("sheets.pdf")
        yield b"%PDF"

    def table() -> Iterator[bytes]:
        begun.append("table.csv")
        yield b"number"

    octets = packed(contents(files={"sheets.pdf": sheets, "table.csv": table}))

    assert unpacked(octets)["sheets.pdf"] == b"%PDF"
    assert (begun.count("sheets.pdf"), begun.count("table.csv")) == (times, 2)


def test_a_pack_is_made_and_checked_in_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("petition.deliveries.pack.packing.KEPT_BYTES", 0)

    def many() -> Iterator[Record]:
        return (record(number) for number in range(1, 5_001))

    def large() -> Iterator[bytes]:
        return (b"%PDF" * 16_384 for _ in range(200))

    made: Contents = contents(records=many, files={"sheets.pdf": large})
    tracemalloc.start()
    with (tmp_path / "pack.zip").open("w+b") as stream:
        stream.writelines(pack(made, KEY, AT))
        found = check(stream, {KEY.public.key_id: KEY.public.octets})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found.fails == []
    assert (tmp_path / "pack.zip").stat().st_size > 13_000_000
    assert peak < 3_000_000


def test_while_it_is_measured_the_work_can_be_followed() -> None:
    pieces = list(pack(contents(100), KEY, AT))

    assert pieces[:100] == [b""] * 100
    assert b"".join(pieces) == packed(contents(100))


def test_a_pack_of_nobody_is_whole_too() -> None:
    octets = b"".join(pack(contents(records=list, texts=[]), KEY, AT))

    assert check(io.BytesIO(octets), {KEY.public.key_id: KEY.public.octets}).status == 0
