"""What only looks like a pack is refused before anything in it is believed, and costs nothing."""

import io
import os
import sys
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from petition.deliveries.pack.verify import MOST_FILES, ROWS, check
from tests.deliveries.pack.packs import KEY, look, repacked
from tests.deliveries.pack.tampering import (
    FILES,
    NO_PACKS,
    PACK,
    TWO_GIB,
    bomb,
    declaring,
    large_zip,
)

OWN = {KEY.public.key_id: KEY.public.octets}


@pytest.mark.parametrize(("made", "words"), NO_PACKS.values(), ids=NO_PACKS)
def test_what_is_no_pack_is_refused_in_words(made: Callable[[], bytes], words: str) -> None:
    found = look(made())

    assert found.status == 1
    assert words in found.fails[0]
    assert found.lines()[-1] == "Do not rely on this pack."


@pytest.mark.parametrize("made", [bomb, lambda: declaring(TWO_GIB), large_zip])
def test_a_bomb_is_never_unpacked(made: Callable[[], bytes]) -> None:
    octets = made()
    tracemalloc.start()
    look(octets)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 3_000_000


def test_a_pack_that_is_cut_off_anywhere_is_refused() -> None:
    for length in [*range(0, len(PACK), 97), *range(len(PACK) - 100, len(PACK))]:
        assert look(PACK[:length]).status == 1


def test_more_files_than_a_pack_has_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(MOST_FILES * 5):
            archive.writestr(f"{number:0100}", b"")

    assert look(stream.getvalue()).fails == [
        "This is no pack: it is no ZIP, is cut off, or goes on after its end."
    ]


def test_a_file_of_two_gibibytes_is_refused_at_once(tmp_path: Path) -> None:
    with (tmp_path / "pack.zip").open("w+b") as stream:
        os.truncate(stream.fileno(), TWO_GIB)  # it takes no room
        stream.seek(0, os.SEEK_END)
        stream.write(PACK[-22:])
        found = check(stream, OWN)

    assert found.fails == ["The pack has 2 GiB or more: no pack is so large."]


def test_a_file_of_rows_that_was_refused_is_not_read_row_by_row() -> None:
    octets = repacked({**FILES, ROWS: b"\n" * (1 << 17)})
    calls = Counter[str]()
    sys.setprofile(lambda _frame, event, _about: calls.update([event]))
    try:
        found = look(octets)
    finally:
        sys.setprofile(None)

    assert found.fails[0].startswith(f"Row 1 of {ROWS} is not in the form")
    assert calls["call"] < 20_000


def test_a_pack_that_comes_through_a_pipe_is_no_file_to_check() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with (
        os.fdopen(reading, "rb") as stream,
        pytest.raises(OSError, match="has to be a file: what comes through a pipe cannot"),
    ):
        check(stream, OWN)
