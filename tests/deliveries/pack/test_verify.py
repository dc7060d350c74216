"""The verifier refuses whatever was tampered with, and says in words what does not hold."""

import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from petition.deliveries.pack import verify
from petition.deliveries.pack.minisign import SecretKey
from petition.deliveries.pack.verify import MANIFEST, ROWS, SIGNATURE, Refused, require_signature
from tests.deliveries.pack.packs import (
    KEY,
    OTHER_KEY,
    Files,
    contents,
    look,
    packed,
    repacked,
    unpacked,
    with_manifest,
)

PACK = packed()
FILES = unpacked(PACK)
LINES = FILES[ROWS].splitlines(keepends=True)
OTHER = f"{MANIFEST} says more, less or something else than manifests do."
OWN = {KEY.public.key_id: KEY.public.octets}


def with_rows(*lines: bytes) -> Files:
    return {**FILES, ROWS: b"".join(lines)}


def as_measured(files: Files) -> Files:
    """Return files with a manifest, signed under our key, that names their sizes and hashes."""

    def measure(said: dict[str, Any]) -> None:
        for name in said["files"]:
            octets = files[name]
            sha256 = verify.hash_of(octets).hex()
            said["files"][name] = {"size": len(octets), "sha256": sha256}

    return with_manifest(files, measure)


def test_a_whole_pack_holds_and_says_so() -> None:
    found = look(PACK)

    assert (found.status, found.fails) == (0, [])
    assert found.lines()[0] == "holds: The manifest is signed under the key 0807060504030201."
    assert "7 signatures up to 2026-11-30T12:00:00Z" in found.lines()[1]
    assert found.lines()[-1] == "The pack is whole, and comes from the holder of that key."


def test_without_a_key_it_says_that_anybody_may_have_made_it() -> None:
    for octets in (PACK, packed(key=OTHER_KEY)):
        found = verify.check(stream_of(octets), {})
        assert (found.status, found.fails) == (2, [])
        assert "ANYBODY MAY HAVE MADE IT: the key lay in it." in found.lines()[-1]


def stream_of(octets: bytes) -> Any:
    return io.BytesIO(octets)


ROW_TAMPERINGS = {
    "one is added": lambda: with_rows(*LINES, LINES[-1].replace(b'"number":7', b'"number":8')),
    "one is dropped from the end": lambda: with_rows(*LINES[:-1]),
    "one is dropped from the middle": lambda: with_rows(*LINES[:3], *LINES[4:]),
    "one is there twice": lambda: with_rows(*LINES[:3], *LINES[2:]),
    "one is swapped with the first": lambda: with_rows(*LINES[1:], LINES[0]),
    "a letter of a name is changed": lambda: {
        **FILES,
        ROWS: FILES[ROWS].replace("李小龙".encode(), "李小农".encode(), 1),
    },
    "a country is changed": lambda: {**FILES, ROWS: FILES[ROWS].replace(b'"CA"', b'"US"', 1)},
    "a salt is changed": lambda: {**FILES, ROWS: FILES[ROWS].replace(b'"salt":"', b'"salt":"0', 1)},
    "two change places": lambda: with_rows(LINES[1], LINES[0], *LINES[2:]),
    "two change places and numbers": lambda: with_rows(
        LINES[1].replace(b'"number":2', b'"number":1'),
        LINES[0].replace(b'"number":1', b'"number":2'),
        *LINES[2:],
    ),
    "all are gone": lambda: with_rows(),
}


@pytest.mark.parametrize("tampering", ROW_TAMPERINGS.values(), ids=ROW_TAMPERINGS)
def test_rows_that_were_tampered_with_are_refused(tampering: Callable[[], Files]) -> None:
    files = tampering()
    assert files[ROWS] != FILES[ROWS]

    found = look(repacked(files))
    assert found.status == 1
    assert f"The file {ROWS} was changed: its size or its SHA-256 is another." in found.fails
    assert found.lines()[-1] == "Do not rely on this pack."
    unsigned = look(repacked({**as_measured(files), SIGNATURE: files[SIGNATURE]}))
    assert unsigned.fails == [f"{MANIFEST} or its signature was changed: they do not belong."]
    signed = look(repacked(as_measured(files)))
    assert signed.status == 1
    assert "was changed: its size" not in str(signed.fails)
    assert signed.fails


@pytest.mark.parametrize("name", ["texts/en-2.txt", "cover.pdf", "minisign.pub", "verify.py"])
def test_a_file_that_was_swapped_is_refused(name: str) -> None:
    for other in (b"", b"We ask you to rest.\n", FILES[name] + b"\n", FILES["texts/fr-2.txt"]):
        found = look(repacked({**FILES, name: other}))
        assert found.fails == [f"The file {name} was changed: its size or its SHA-256 is another."]
        found = look(repacked({name: FILES[name] for name in FILES if name != "cover.pdf"}))
        assert found.fails == ["The file cover.pdf is missing."]


def test_texts_that_change_places_are_refused() -> None:
    english, french = "texts/en-2.txt", "texts/fr-2.txt"
    found = look(repacked({**FILES, english: FILES[french], french: FILES[english]}))

    assert [fault.split(" was ")[0] for fault in found.fails] == [
        f"The file {english}",
        f"The file {french}",
    ]


def test_another_key_is_refused() -> None:
    found = look(packed(key=OTHER_KEY))
    ours, theirs = KEY.public.shown_id, OTHER_KEY.public.shown_id
    assert found.fails == [f"It is signed under another key ({theirs}), not {ours}."]

    forged = repacked(with_manifest(FILES, lambda _: None, OTHER_KEY))
    assert look(forged).status == 1
    assert verify.check(stream_of(forged), {}).status == 1, "nor with the key that lies in it"


def test_a_key_that_claims_the_id_of_ours_is_refused() -> None:
    found = look(packed(key=SecretKey(OTHER_KEY.seed, KEY.key_id)))

    assert found.fails == [f"{MANIFEST} or its signature was changed: they do not belong."]


def test_a_pack_of_a_key_that_was_replaced_holds() -> None:
    assert look(PACK, OTHER_KEY, KEY).status == 0


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
def test_every_bit_of_the_manifest_and_its_signature_counts(name: str) -> None:
    require_signature(FILES[MANIFEST], FILES[SIGNATURE], OWN)
    octets = FILES[name]
    for bit in range(len(octets) * 8):
        changed = bytearray(octets)
        changed[bit // 8] ^= 1 << bit % 8
        files = {**FILES, name: bytes(changed)}
        with pytest.raises(Refused):
            require_signature(files[MANIFEST], files[SIGNATURE], OWN)


@given(some.integers(0, len(PACK) * 8 - 1))
def test_every_bit_of_a_pack_counts(bit: int) -> None:
    changed = bytearray(PACK)
    changed[bit // 8] ^= 1 << bit % 8
    found = look(bytes(changed))

    assert found.status == 1
    assert found.fails


def test_every_byte_that_only_the_zip_needs_counts() -> None:
    draw = random.Random(13)
    start = PACK.index(b"PK\1\2")
    for at in [*range(30 + len(MANIFEST)), *range(start, len(PACK))]:
        changed = bytearray(PACK)
        changed[at] ^= draw.randrange(1, 256)
        assert look(bytes(changed)).status == 1, at


def test_an_older_manifest_in_the_place_of_a_newer_is_refused() -> None:
    older = unpacked(packed(contents(5)))
    found = look(repacked({**FILES, MANIFEST: older[MANIFEST], SIGNATURE: older[SIGNATURE]}))

    assert f"{ROWS} has 7 rows, and the manifest says 5." in found.fails
    found = look(repacked({**FILES, MANIFEST: older[MANIFEST]}))
    assert found.fails == [f"{MANIFEST} or its signature was changed: they do not belong."]


def hide_in_totals(said: dict[str, Any]) -> None:
    """Give the counts of the texts in another place too, and something else where they belong."""
    counts = {f"texts/{t['language']}-{t['version']}.txt": t["signatures"] for t in said["texts"]}
    said["totals"]["texts"] = counts
    said["texts"][0]["signatures"] = 9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: said["totals"].update(signatures=8), "has 7 rows, and the manifest says 8"),
        (lambda said: said["tree"].update(size=8), "the root differs"),
        (lambda said: said["tree"].update(root="0" * 64), "the root differs"),
        (lambda said: said["totals"]["countries"].update(GB=4), "The totals by country, week"),
        (lambda said: said["totals"]["countries"].update(US=0), "The totals by country, week"),
        (lambda said: said["totals"]["weeks"].clear(), "The totals by country, week"),
        (lambda said: said["texts"][0].update(signatures=9), "The totals by country, week"),
        (lambda said: said["texts"][0].update(sha256="0" * 64), "The texts in the pack are not"),
        (lambda said: said["texts"].pop(), "The texts in the pack are not"),
        (lambda said: said["texts"].append(said["texts"][0] | {"version": 3}), "The texts in the"),
        (lambda said: said.update(tier="counts"), "says more than its tier"),
        (lambda said: said["files"].pop("cover.pdf"), "does not name the file cover.pdf"),
        (lambda said: said["files"].pop(ROWS), f"The file {ROWS} was changed"),
        (lambda said: said.update(format=2), "has format 2"),
        (lambda said: said.update(format=True), "has format True"),
        (lambda said: said.update(format=1.0), "has format 1.0"),
        (lambda said: said.pop("totals"), OTHER),
        (lambda said: said.update(extra={"email": "jane@example.org"}), OTHER),
        (lambda said: said["petition"].update(email="jane@example.org"), OTHER),
        (lambda said: said["petition"].update(title=["jane@example.org"]), OTHER),
        (lambda said: said["petition"].pop("title"), OTHER),
        (lambda said: said["recipient"].update(email="jane@example.org"), OTHER),
        (lambda said: said["recipient"].update(office=None), OTHER),
        (lambda said: said.update(recipient="jane@example.org"), OTHER),
        (lambda said: said.update(software={"email": "jane@example.org"}), OTHER),
        (lambda said: said.update(profile=["jane@example.org"]), OTHER),
        (lambda said: said.update(cut_off={}), OTHER),
        (lambda said: said.update(key=0), OTHER),
        (lambda said: said.update(files=[]), OTHER),
        (lambda said: said["totals"].update(signatures=7.0), OTHER),
        (lambda said: said["totals"].update(email=0), OTHER),
        (hide_in_totals, OTHER),
        (lambda said: said["texts"][0].update(email=0), OTHER),
        (lambda said: said["texts"].insert(0, said["texts"][0] | {"email": 0}), OTHER),
        (lambda said: said["texts"].insert(0, said["texts"][0] | {"signatures": 9}), "The texts"),
        (lambda said: said["texts"][0].update(version="2"), OTHER),
        (lambda said: said["tree"].update(size=7.0), OTHER),
        (lambda said: said["tree"].update(email=0), OTHER),
        (lambda said: said["files"]["cover.pdf"].update(size=9.0), OTHER),
        (lambda said: said["files"]["cover.pdf"].update(email=0), OTHER),
    ],
)
def test_what_a_signed_manifest_says_has_to_be_so(
    change: Callable[[dict[str, Any]], object], words: str
) -> None:
    found = look(repacked(with_manifest(FILES, change)))

    assert found.status == 1
    assert any(words in fault for fault in found.fails), found.fails


@pytest.mark.parametrize(
    "row",
    [
        LINES[0].replace(b'"country"', b'"country" '),
        LINES[0].replace(b'{"country":"CA",', b'{"country":"CA","email":"a@example.org",'),
        LINES[0].replace(b'{"country":"CA",', b'{"country":"CA","country":"CA",'),
        LINES[0].replace(b'"week"', b'"locality":"SW1A","week"'),
        LINES[0].replace(b'"country":"CA",', b""),
        LINES[0].replace(b'"salt":"', b'"salt":"00'),
        LINES[0].replace(b'"number":1', b'"number":true'),
        LINES[0].rstrip(b"\n"),
        LINES[0].replace(b"\n", b"\r\n"),
        *(b"\n", b"{}\n", b"[]\n", b"null\n", b"\xff\n", b"\0\n", b'{"record":3,"salt":""}\n'),
        b"[" * 60_000 + b"\n",
        b'"' + b"a" * 200_000 + b'"\n',
    ],
)
def test_a_row_in_another_form_is_refused_whoever_signed_it(row: bytes) -> None:
    found = look(repacked(as_measured(with_rows(row, *LINES[1:]))))

    assert found.status == 1
    assert found.fails[0].startswith((f"Row 1 of {ROWS} ", "The rows are not those"))


@pytest.mark.parametrize(
    ("fit", "unfit"),
    [
        (b'"country":"CA"', b'"country":"10.0.0.1"'),
        (b'"country":"CA"', b'"country":"ca"'),
        (b'"week":"', b'"week":"jane@example.org 10:31 '),
        (b'"language":"en"', b'"language":"en-jane.doe"'),
        (b'"version":2', b'"version":2.0'),
        (b'"version":2', b'"version":"2"'),
        (b'"number":1', b'"number":true'),
        ('"name":"李小龙"'.encode(), b'"name":["jane@example.org"]'),
        (b'"salt":"', b'"salt":" '),
    ],
)
def test_a_field_holds_nothing_but_what_belongs_there(fit: bytes, unfit: bytes) -> None:
    row = LINES[0].replace(fit, unfit)
    found = look(repacked(as_measured(with_rows(row, *LINES[1:]))))

    assert row != LINES[0]
    assert found.fails == [f"Row 1 of {ROWS} says more than its tier, or is not in the form."]


def test_a_fault_prints_nothing_that_a_terminal_would_obey() -> None:
    found = look(repacked(with_manifest(FILES, lambda said: said.update(format="\x1b[2J\n"))))

    assert found.status == 1
    assert all("\x1b" not in line and "\n" not in line for line in found.lines())
