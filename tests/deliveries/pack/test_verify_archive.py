"""What only looks like a pack is refused before anything in it is believed, and costs nothing."""

import io
import os
import struct
import sys
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from petition.deliveries.pack.verify import MANIFEST, MOST_FILES, ROWS, SIGNATURE, check
from tests.deliveries.pack.packs import KEY, look, packed, repacked, unpacked

PACK = packed()
FILES = unpacked(PACK)
OWN = {KEY.public.key_id: KEY.public.octets}
TWO_GIB = 1 << 31


def zipped_by_another(
    *extra: tuple[zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED
) -> bytes:
    """Return the files of a pack in a ZIP that another program wrote, and more files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, octets in FILES.items():
            archive.writestr(zipfile.ZipInfo(name), octets, method)
        for info, octets in extra:
            archive.writestr(info, octets, method)
    return stream.getvalue()


def linked() -> bytes:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    return zipped_by_another((link, b"/etc/passwd"))


def bomb() -> bytes:
    info = zipfile.ZipInfo("bomb.txt")
    return zipped_by_another((info, bytes(200_000_000)), method=zipfile.ZIP_DEFLATED)


def declaring(size: int) -> bytes:
    """Return a pack whose last file says that it has so many bytes, in both places."""
    name = b"verify.py"
    header, entry = PACK.rindex(b"PK\3\4"), PACK.rindex(b"PK\1\2")
    assert PACK[header + 30 :].startswith(name)
    changed = bytearray(PACK)
    for at in (header + 18, entry + 20):
        struct.pack_into("<2L", changed, at, size, size)
    return bytes(changed)


def with_comment() -> bytes:
    return PACK[:-2] + struct.pack("<H", 5) + b"hello"


def large_zip() -> bytes:
    """Return a pack with the other directory that ZIPs of more than 4 GiB have."""
    end, at = PACK[-22:], PACK.index(b"PK\1\2")
    other = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 1 << 40, at)
    place = struct.pack("<4sLQL", b"PK\6\7", 0, len(PACK) - 22, 1)
    return PACK[:-22] + other + place + end


NO_PACKS = {
    "nothing": (lambda: b"", "is no ZIP"),
    "a text": (lambda: b"hello" * 20, "is no ZIP"),
    "only the end of a ZIP": (lambda: PACK[-22:], "is no delivery pack"),
    "an empty ZIP": (lambda: b"PK\5\6" + bytes(18), "is no delivery pack"),
    "something before it": (lambda: b"%PDF-1.7\n" + PACK, "not where it is in a pack"),
    "something after it": (lambda: PACK + b"\n", "goes on after its end"),
    "a comment": (with_comment, "goes on after its end"),
    "two packs": (lambda: PACK + PACK, "not where it is in a pack"),
    "a script before it": (lambda: b"#!/bin/sh\n" + PACK, "not where it is in a pack"),
    "a zip bomb": (bomb, "is compressed"),
    "a ZIP of more than 4 GiB": (large_zip, "is no ZIP"),
    "2 GiB that it declares": (lambda: declaring(TWO_GIB), "The"),
    "4 GiB that it declares": (lambda: declaring((1 << 32) - 2), "The"),
    "a byte more than it has": (
        lambda: declaring(len(FILES["verify.py"]) + 1),
        "something besides",
    ),
    "a link": (linked, "not ordinary ones"),
    "a file that is unknown": (
        lambda: repacked({**FILES, "more.txt": b"more"}),
        "does not name the file more.txt",
    ),
    "a folder above it": (lambda: repacked({**FILES, "../more.txt": b""}), "or outside of it"),
    "the root": (lambda: repacked({**FILES, "/etc/more.txt": b""}), "or outside of it"),
    "a drive": (lambda: repacked({**FILES, "C:\\more.txt": b""}), "or outside of it"),
    "a file twice": (
        lambda: repacked([*FILES.items(), ("cover.pdf", b"other")]),
        "a file 'cover.pdf' twice",
    ),
    "two manifests": (
        lambda: repacked([*FILES.items(), (MANIFEST, FILES[MANIFEST])]),
        f"a file '{MANIFEST}' twice",
    ),
    "no signature": (
        lambda: repacked({name: FILES[name] for name in FILES if name != SIGNATURE}),
        "is no delivery pack",
    ),
    "a manifest of 2 MB": (
        lambda: repacked({**FILES, MANIFEST: b" " * 2_000_000}),
        "is no delivery",
    ),
    "no manifest": (lambda: repacked({"a.txt": b"a"}), "is no delivery pack"),
    "packed anew": (lambda: zipped_by_another(), "not ordinary ones"),
}


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
