"""What only looks like a pack is refused before anything in it is believed, and costs nothing."""

import io
import os
import random
import re
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from petition.deliveries.pack.archive import MANIFEST, MOST_FILES, MOST_LISTED
from petition.deliveries.pack.verify import ROWS, check
from tests.deliveries.pack.ill_packed import ILL_PACKED
from tests.deliveries.pack.packs import KEY, Files, look, repacked, unpacked
from tests.deliveries.pack.tampering import (
    FILES,
    NO_PACKS,
    PACK,
    TWO_GIB,
    bomb,
    declaring,
    large_zip,
)
from tests.deliveries.pack.zips import Entry, entries_of, repacked_by_others, zip_of

OWN = {KEY.public.key_id: KEY.public.octets}
PACKED_ANEW = repacked_by_others(FILES)
TOO_LONG = 4_200
"""Characters: Linux opens no longer path."""
LEFT_BY_SYSTEMS = re.compile(r"(\._.*|\.DS_Store|Thumbs\.db|desktop\.ini)?", re.DOTALL)
"""The last part of a name: of a folder it is empty."""


def as_others_read(octets: bytes) -> Files | None:
    """Return what Python's library takes for files of people; None where it reads nothing."""
    try:
        there = unpacked(octets)
    except (NotImplementedError, RuntimeError, zipfile.BadZipFile):
        return None
    [manifest] = [name for name in there if name.rpartition("/")[2] == MANIFEST]
    top = manifest.removesuffix(MANIFEST)
    return {
        name.removeprefix(top): content
        for name, content in there.items()
        if not LEFT_BY_SYSTEMS.fullmatch(name.rpartition("/")[2])
    }


def lay_out(folder: Path, files: Files) -> None:
    """Put files into a folder."""
    for name, octets in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)


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


@pytest.mark.parametrize(
    "octets", repacked_by_others(FILES).values(), ids=repacked_by_others(FILES)
)
def test_a_pack_that_was_packed_anew_holds(octets: bytes) -> None:
    found = look(octets)

    assert (found.status, found.fails) == (0, [])
    assert octets != PACK


def test_the_programs_that_offices_have_pack_it_anew_and_it_holds(tmp_path: Path) -> None:
    commands = {"zip": ["-qr"], "7z": ["a", "-bd", "-bso0"], "bsdtar": ["--format", "zip", "-cf"]}
    there = {name: said for name, said in commands.items() if shutil.which(name)}
    if not there:
        pytest.skip("no program here packs ZIPs")
    lay_out(tmp_path / "pack", FILES)
    for name, said in there.items():
        made = tmp_path / f"{name}.zip"
        subprocess.run([name, *said, made, "pack"], cwd=tmp_path, check=True)
        assert look(made.read_bytes()).lines()[-1].startswith("The pack is whole"), name


@pytest.mark.parametrize(("octets", "words"), ILL_PACKED.values(), ids=ILL_PACKED)
def test_a_zip_that_says_what_is_not_so_is_refused(octets: bytes, words: str) -> None:
    found = look(octets)

    assert found.status == 1
    assert words in found.fails[0]


def test_a_name_that_other_programs_cut_off_is_refused() -> None:
    entry = Entry(b"__MACOSX/Annex.pdf\0/._a", b"%PDF-")
    found = look(zip_of([*entries_of(FILES), entry]))

    assert "twice, or outside of it" in found.fails[0]


@given(
    some.sampled_from(sorted(repacked_by_others(FILES))), some.integers(0), some.integers(1, 255)
)
def test_what_holds_is_read_by_other_programs_as_it_was_packed(
    packed_by: str, place: int, change: int
) -> None:
    changed = bytearray(PACKED_ANEW[packed_by])
    changed[place % len(changed)] ^= change
    if look(bytes(changed)).status == 0:
        assert as_others_read(bytes(changed)) in (FILES, None)


def test_whatever_changes_in_what_only_the_zip_needs_leads_to_no_other_files() -> None:
    draw = random.Random(13)
    start = PACK.index(b"PK\1\2")
    for at in [*range(30 + len(MANIFEST)), *range(start, len(PACK))]:
        changed = bytearray(PACK)
        changed[at] ^= draw.randrange(1, 256)
        if look(bytes(changed)).status == 0:
            assert as_others_read(bytes(changed)) in (FILES, None), at


def test_a_folder_holds_whatever_its_system_leaves_in_it(tmp_path: Path) -> None:
    pack = tmp_path / "12" / "pack"
    lay_out(pack, {**FILES, ".DS_Store": b"x", "texts/desktop.ini": b"x", "._verify.py": b"x"})
    found = check(pack, OWN)
    assert found.status == 0
    assert [one for one in found.lines() if one.startswith("left out unread: ")] == [
        "left out unread: '.DS_Store'",
        "left out unread: '._verify.py'",
        "left out unread: 'texts/desktop.ini'",
    ]
    assert check(pack.parent, OWN).status == 0, "nor where it was unpacked into one of its own"

    (pack / "more.txt").write_bytes(b"")
    (pack / "cover.pdf").write_bytes(b"")
    (pack / "texts" / "fr-2.txt").unlink()
    assert check(pack, OWN).fails == [
        "The manifest does not name the file more.txt.",
        "The file texts/fr-2.txt is missing.",
        "The file cover.pdf was changed: its size or its SHA-256 is another.",
    ]
    (pack / "more.txt").rename(pack / "one more.txt")
    assert "'one more.txt' twice, or outside" in check(pack, OWN).fails[0]


@pytest.mark.parametrize("name", ["annex", "annex.pdf", "cover.pdf", "texts/fr-2.txt"])
def test_a_folder_that_holds_a_link_is_refused(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path / "pack", FILES)
    outside = tmp_path / "outside"
    if name in FILES:
        (tmp_path / "pack" / name).rename(outside)
    elif name.endswith(".pdf"):
        outside.write_bytes(b"%PDF-")
    else:
        outside.mkdir()
    (tmp_path / "pack" / name).symlink_to(outside)

    assert check(tmp_path / "pack", OWN).fails == [
        f"The folder has {name!r}, which is a link or no file."
    ]


def test_a_folder_that_cannot_be_read_to_its_end_is_not_said_to_be_whole(tmp_path: Path) -> None:
    lay_out(tmp_path, FILES)
    deep = tmp_path
    while len(str(deep)) < TOO_LONG:
        deep = deep / ("a" * 200)
    descend(tmp_path, deep)

    with pytest.raises(OSError, match="too long"):
        check(tmp_path, OWN)


def descend(top: Path, deep: Path) -> None:
    """Make a folder whose path is longer than a system opens: nobody can list it by its path."""
    here = os.open(top, os.O_RDONLY)
    for part in deep.relative_to(top).parts:
        os.mkdir(part, dir_fd=here)
        inner = os.open(part, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def test_a_folder_of_more_than_packs_is_not_read_to_its_end(tmp_path: Path) -> None:
    for number in range(MOST_LISTED + 1):
        (tmp_path / str(number)).touch()

    assert check(tmp_path, OWN).fails == ["The folder has far more files than a pack."]


def test_more_files_than_a_pack_has_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(MOST_FILES * 5):
            archive.writestr(f"{number:0100}", b"")

    assert look(stream.getvalue()).fails == [
        "It is damaged, or is no delivery pack: it has not the form of one."
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
