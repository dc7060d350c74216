"""A sample follows from the seed alone, each row has its proof, the formulas are those of law."""

import hashlib
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from petition.deliveries.pack.archive import MANIFEST, Refused
from petition.deliveries.pack.merkle import is_included
from petition.deliveries.pack.sampling import (
    California,
    CannotSample,
    Washington,
    draw,
    sample,
    usual_size,
)
from petition.deliveries.pack.verify import canonical
from tests.deliveries.pack.packs import contents, packed, record, repacked, unpacked, with_manifest

SIZE = 90


@pytest.fixture(scope="module")
def pack() -> bytes:
    """A pack of some rows."""
    return packed(contents(records=lambda: map(record, range(1, SIZE + 1))))


def drawn_of(pack: bytes, seed: str, size: int | None = None) -> dict[str, Any]:
    return json.loads(b"".join(sample(io.BytesIO(pack), seed, size)))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("signatures", "size"),
    [(0, 0), (1, 1), (500, 500), (501, 500), (16_666, 500), (16_667, 501), (100_000, 3_000)],
)
def test_the_usual_size_is_500_or_3_in_a_hundred(signatures: int, size: int) -> None:
    assert usual_size(signatures) == size


def test_the_rule_is_the_one_that_is_written_down() -> None:
    """`k` stands after the seed in eight bytes, the highest first."""
    expected: list[int] = []
    k = 0
    while len(expected) < 60:
        digest = hashlib.sha256(b"lot 7" + bytes(7) + bytes([k])).hexdigest()
        index, k = int(digest, 16) % 100, k + 1
        if index not in expected:
            expected.append(index)

    assert draw("lot 7", 100, 60) == expected
    assert draw(" lot 7\n", 100, 60) == expected
    assert k > 60, "some came twice"


@given(some.text(min_size=1, max_size=20), some.integers(1, 200), some.integers(1, 220))
def test_no_row_is_drawn_twice_and_none_that_is_not_there(
    seed: str, signatures: int, size: int
) -> None:
    drawn = draw(f"x{seed}".encode("utf-8", "replace").decode(), signatures, size)

    assert len(drawn) == len(set(drawn)) == min(size, signatures)
    assert set(drawn) <= set(range(signatures))


@pytest.mark.parametrize("seed", ["", " ", "\n\t", "a" * 501])
def test_a_seed_of_nothing_is_refused_in_words(seed: str) -> None:
    with pytest.raises(CannotSample, match="The seed is empty, or longer than 500 characters"):
        draw(seed, 100, 10)


@pytest.mark.parametrize("size", [10, 100])
def test_a_seed_that_cannot_be_written_in_utf8_is_refused_in_words(size: int) -> None:
    with pytest.raises(CannotSample, match="no characters of UTF-8"):
        draw("lot \udcff", 100, size)


@pytest.mark.parametrize(("signatures", "size"), [(0, 10), (10, 0), (10, -1)])
def test_nothing_is_drawn_of_nothing(signatures: int, size: int) -> None:
    with pytest.raises(CannotSample, match="nothing to draw"):
        draw("seed", signatures, size)


def test_each_row_is_shown_to_be_in_the_root(pack: bytes) -> None:
    said = json.loads(unpacked(pack)[MANIFEST])["tree"]
    found = drawn_of(pack, "lot 7", 12)

    assert (found["root"], found["size"], found["seed"]) == (said["root"], SIZE, "lot 7")
    assert [one["index"] for one in found["sample"]] == draw("lot 7", SIZE, 12)
    for one in found["sample"]:
        leaf = bytes.fromhex(one["row"]["salt"]) + canonical(one["row"]["record"])
        proof = [bytes.fromhex(node) for node in one["proof"]]
        assert one["row"]["record"]["number"] == one["index"] + 1
        assert is_included(leaf, one["index"], SIZE, proof, bytes.fromhex(said["root"]))


def test_a_small_pack_is_looked_at_as_a_whole(pack: bytes) -> None:
    found = drawn_of(pack, "lot 7")

    assert [one["index"] for one in found["sample"]] == list(range(SIZE))


def test_no_sample_is_drawn_of_rows_with_another_root(pack: bytes) -> None:
    files = with_manifest(unpacked(pack), lambda said: said["tree"].update(root="0" * 64))
    with pytest.raises(CannotSample, match="another root"):
        drawn_of(repacked(files), "lot 7")
    with pytest.raises(Refused):
        drawn_of(pack[:-1], "lot 7")


def test_washington_is_worked_out_as_in_its_code() -> None:
    """WAC 434-379-010: of 100,000, 80,000 are required; 240 of 3,000 are invalid."""
    found = Washington(100_000, 3_000, invalid=240, pairs=4, required=80_000)

    assert round(found.invalid_at_most, 1) == 8_774.6
    assert round(found.margin, 1) == 11_225.4
    assert round(found.expected_pairs, 2) == 10.10
    assert round(found.acceptable_pairs, 2) == 4.86
    assert not found.needs_full_check
    assert Washington(100_000, 3_000, invalid=240, pairs=5, required=80_000).needs_full_check


def test_washington_has_everything_checked_where_there_is_no_margin() -> None:
    found = Washington(100_000, 3_000, invalid=900, pairs=0, required=80_000)

    assert found.margin < 0
    assert found.acceptable_pairs == 0
    assert found.needs_full_check


def test_california_is_worked_out_as_in_its_code() -> None:
    """2 CCR 20530, 20531: of 100,000, 2,700 of 3,000 are valid, with 3 duplicates."""
    found = California(100_000, 3_000, valid=2_700, duplicates=3)

    assert found.value == Decimal("33.3333")
    assert found.weight == Decimal("1077.7756")
    assert found.duplicates_in_all == 3_234
    assert found.valid_in_all == 86_766


def test_california_rounds_up_and_to_two_decimals() -> None:
    found = California(1_001, 500, valid=333, duplicates=0)

    assert found.valid_percent == Decimal("66.60")
    assert found.valid_in_all == 667
