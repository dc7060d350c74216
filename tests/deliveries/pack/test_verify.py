"""The verifier refuses whatever was tampered with, and says in words what does not hold."""

import io
import random
from collections.abc import Callable
from typing import Any

import pytest

from petition.deliveries.pack import verify
from petition.deliveries.pack.archive import MANIFEST, Refused
from petition.deliveries.pack.minisign import SecretKey
from petition.deliveries.pack.verify import ROWS, SIGNATURE, require_signature
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
from tests.deliveries.pack.tampering import (
    FILES,
    LINES,
    MANIFEST_CHANGES,
    ODD_ROWS,
    PACK,
    ROW_TAMPERINGS,
    UNFIT,
    as_measured,
    odd_manifests,
    signed_in_other_numbers,
    with_rows,
)

OWN = {KEY.public.key_id: KEY.public.octets}


def test_a_whole_pack_holds_and_says_so() -> None:
    found = look(PACK)

    assert (found.status, found.fails) == (0, [])
    assert found.lines()[0] == "holds: The manifest is signed under the key 0807060504030201."
    assert "7 signatures up to 2026-11-30T12:00:00Z" in found.lines()[1]
    assert found.lines()[-1] == (
        "The pack is whole, and comes from the holder of the key 0807060504030201: see that the "
        "sender's page /deliveries/verify and the cover letter name the same."
    )


def test_without_a_key_it_says_that_anybody_may_have_made_it() -> None:
    for octets in (PACK, packed(key=OTHER_KEY)):
        found = verify.check(stream_of(octets), {})
        assert (found.status, found.fails) == (2, [])
        assert "ANYBODY MAY HAVE MADE IT: the key lay in it." in found.lines()[-1]


def stream_of(octets: bytes) -> Any:
    return io.BytesIO(octets)


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


@pytest.mark.parametrize("name", FILES)
def test_of_one_changed_byte_the_file_is_named(name: str) -> None:
    draw = random.Random(name)
    begin = PACK.index(FILES[name], PACK.index(b"PK\3\4", PACK.index(name.encode()) - 30))
    for at in draw.sample(range(len(FILES[name])), min(40, len(FILES[name]))):
        changed = bytearray(PACK)
        changed[begin + at] ^= draw.randrange(1, 256)
        found = look(bytes(changed))
        assert found.status == 1
        assert any(name.removesuffix(".minisig") in one for one in found.fails), found.fails


@pytest.mark.parametrize("number", [1, 3, 7])
def test_of_a_changed_row_the_number_is_named_where_it_can_be(number: int) -> None:
    row = LINES[number - 1]
    for change in (b'"country":"c', b'"number":9', b'"week":2026'):
        field = change[: change.index(b":") + 1]
        at = row.index(field)
        changed = row[:at] + change + row[at + len(change) :]
        found = look(repacked(with_rows(*LINES[: number - 1], changed, *LINES[number:])))
        assert found.fails[0].startswith(f"Row {number} of {ROWS} ")
        assert found.fails[1].startswith(f"The file {ROWS} was changed")


def test_an_older_manifest_in_the_place_of_a_newer_is_refused() -> None:
    older = unpacked(packed(contents(5)))
    found = look(repacked({**FILES, MANIFEST: older[MANIFEST], SIGNATURE: older[SIGNATURE]}))

    assert f"{ROWS} has 7 rows, and the manifest says 5." in found.fails
    found = look(repacked({**FILES, MANIFEST: older[MANIFEST]}))
    assert found.fails == [f"{MANIFEST} or its signature was changed: they do not belong."]


@pytest.mark.parametrize(("change", "words"), MANIFEST_CHANGES)
def test_what_a_signed_manifest_says_has_to_be_so(
    change: Callable[[dict[str, Any]], object], words: str
) -> None:
    found = look(repacked(with_manifest(FILES, change)))

    assert found.status == 1
    assert any(words in fault for fault in found.fails), found.fails


@pytest.mark.parametrize("octets", [*odd_manifests(), signed_in_other_numbers()])
def test_what_two_programs_might_read_differently_is_refused(octets: bytes) -> None:
    assert look(octets).status == 1


@pytest.mark.parametrize("row", ODD_ROWS)
def test_a_row_in_another_form_is_refused_whoever_signed_it(row: bytes) -> None:
    found = look(repacked(as_measured(with_rows(row, *LINES[1:]))))

    assert found.status == 1
    assert found.fails[0].startswith((f"Row 1 of {ROWS} ", "The rows are not those"))


@pytest.mark.parametrize(("fit", "unfit"), UNFIT)
def test_a_field_holds_nothing_but_what_belongs_there(fit: bytes, unfit: bytes) -> None:
    row = LINES[0].replace(fit, unfit)
    found = look(repacked(as_measured(with_rows(row, *LINES[1:]))))

    assert row != LINES[0]
    assert found.fails == [f"Row 1 of {ROWS} says more than its tier, or is not in the form."]


def test_a_fault_prints_nothing_that_a_terminal_would_obey() -> None:
    found = look(repacked(with_manifest(FILES, lambda said: said.update(format="\x1b[2J\n"))))

    assert found.status == 1
    assert all("\x1b" not in line and "\n" not in line for line in found.lines())
