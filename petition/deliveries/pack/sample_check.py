"""A sample as a file, held against the root that the office had before it chose the seed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from petition.core.errors import DomainError
from petition.deliveries.pack.archive import Refused
from petition.deliveries.pack.merkle import is_included
from petition.deliveries.pack.sampling import RULE, draw
from petition.deliveries.pack.verify import TIERS, canonical, read_row

LARGEST_SAMPLE = 64 * 1024 * 1024
"""In octets: some 60,000 rows with their proofs."""
ROOT_DIGITS = 64
NO_FORM = "This is no sample of a pack: it is cut off, or not in the form that samples have."


class NoSample(DomainError):
    """A file is no sample at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out about a sample."""

    seed: str
    drawn: int
    size: int
    """Of the whole pack."""
    faults: tuple[str, ...]


def check_sample(octets: bytes, root: str) -> Checked:
    """Return what holds of a sample: the seed drew these rows, and each lies under the root.

    Raises NoSample; CannotSample where its seed is none.
    """
    wanted = _root(root)
    said = _read(octets)
    drawn = draw(said["seed"], said["size"], len(said["sample"]))
    return Checked(said["seed"], len(drawn), said["size"], tuple(_faults(said, drawn, wanted)))


def _root(text: str) -> bytes:
    try:
        root = bytes.fromhex(text)
    except ValueError:
        root = b""
    if len(root) * 2 != ROOT_DIGITS:
        raise NoSample(f"A root has {ROOT_DIGITS} digits, 0 to 9 and a to f.")
    return root


def _read(octets: bytes) -> dict[str, Any]:
    """Return a sample with each of its parts of its kind. Raises NoSample."""
    if len(octets) > LARGEST_SAMPLE:
        raise NoSample("This file is larger than any sample: it has more than 64 MiB.")
    try:
        said = json.loads(octets)
        is_one = (
            said["rule"] == RULE
            and type(said["seed"]) is str
            and type(said["root"]) is str
            and type(said["size"]) is int
            and 0 < len(said["sample"]) <= said["size"]
            and all(type(one["index"]) is int for one in said["sample"])
        )
    except (KeyError, TypeError, ValueError, RecursionError):
        raise NoSample(NO_FORM) from None
    if not is_one:
        raise NoSample(NO_FORM)
    return dict(said)


def _faults(said: dict[str, Any], drawn: list[int], root: bytes) -> Iterator[str]:
    if said["root"] != root.hex():
        yield "It was drawn from a pack of another root."
    if [one["index"] for one in said["sample"]] != drawn:
        yield "The seed draws other rows, or in another order."
    bad = sum(not _is_under(root, one, said["size"]) for one in said["sample"])
    if bad:
        yield f"{bad} of its {len(drawn)} rows cannot be shown to be in the pack of that root."


def _is_under(root: bytes, one: dict[str, Any], size: int) -> bool:
    """Whether a row lies where it is said to, in the tree of that root."""
    try:
        row = canonical(one["row"]) + b"\n"
        leaf = read_row(row, TIERS[-1], one["index"] + 1)[1]
        proof = [bytes.fromhex(node) for node in one["proof"]]
    except (KeyError, TypeError, ValueError, Refused):
        return False
    return is_included(leaf, one["index"], size, proof, root)
