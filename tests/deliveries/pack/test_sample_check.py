"""A sample in a file is held against the root that the office had first."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from petition.deliveries.pack.sample_check import NoSample, check_sample
from petition.deliveries.pack.sampling import CannotSample, sample
from tests.deliveries.pack.packs import contents, packed

SEED = "lot 7"


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """Three rows of a pack."""
    return b"".join(sample(io.BytesIO(packed(contents(20))), SEED, 3))


def root_of(octets: bytes) -> str:
    """Return the root that a sample names."""
    return str(json.loads(octets)["root"])


def test_what_the_seed_drew_from_the_pack_of_that_root_holds(drawn: bytes) -> None:
    found = check_sample(drawn, root_of(drawn))

    assert (found.seed, found.drawn, found.size, found.faults) == (SEED, 3, 20, ())
    assert check_sample(drawn, root_of(drawn).upper()).faults == ()


def other_seed(said: dict[str, Any]) -> None:
    """Say that another seed drew it."""
    said["seed"] = "lot 8"


def other_order(said: dict[str, Any]) -> None:
    """Turn the rows round."""
    said["sample"].reverse()


def other_name(said: dict[str, Any]) -> None:
    """Put another person into a row."""
    said["sample"][0]["row"]["record"]["country"] = "XX"


def other_place(said: dict[str, Any]) -> None:
    """Show a row twice."""
    said["sample"][0] = {**said["sample"][1], "index": said["sample"][0]["index"]}


def no_proof(said: dict[str, Any]) -> None:
    """Leave a proof out."""
    said["sample"][0]["proof"] = ["x"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (other_seed, "The seed draws other rows, or in another order."),
        (other_order, "The seed draws other rows, or in another order."),
        (other_name, "1 of its 3 rows cannot be shown to be in the pack of that root."),
        (other_place, "1 of its 3 rows cannot be shown to be in the pack of that root."),
        (no_proof, "1 of its 3 rows cannot be shown to be in the pack of that root."),
    ],
)
def test_what_was_changed_is_told(
    drawn: bytes, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    said = json.loads(drawn)
    change(said)

    assert check_sample(json.dumps(said).encode(), root_of(drawn)).faults == (told,)


def test_a_sample_of_another_pack_is_none_of_this_one(drawn: bytes) -> None:
    assert check_sample(drawn, "0" * 64).faults == (
        "It was drawn from a pack of another root.",
        "3 of its 3 rows cannot be shown to be in the pack of that root.",
    )


@pytest.mark.parametrize("octets", [b"", b"[]", b"{}", b"[" * 100_000, b"\xff", b'{"rule":1}'])
def test_what_is_no_sample_is_told(octets: bytes) -> None:
    with pytest.raises(NoSample, match="This is no sample of a pack"):
        check_sample(octets, "0" * 64)


def test_neither_is_what_is_no_root_or_no_seed(drawn: bytes) -> None:
    for root in ("", "0" * 63, "x" * 64, "0" * 66):
        with pytest.raises(NoSample, match="A root has 64 digits"):
            check_sample(drawn, root)
    said = json.loads(drawn)
    changes: tuple[dict[str, Any], ...] = ({"sample": []}, {"size": 2}, {"seed": 7})
    for change in (*changes, {"sample": [{"index": "1"}] * 3}):
        with pytest.raises(NoSample):
            check_sample(json.dumps({**said, **change}).encode(), root_of(drawn))
    with pytest.raises(CannotSample):
        check_sample(json.dumps({**said, "seed": ""}).encode(), root_of(drawn))
