"""A sample that an office draws by a seed of its own, and what follows from what it found.

The office picks the seed after it has the root, so that nobody can have arranged the rows for it.
The k-th draw, k from 0, is SHA-256(seed || k) mod N: the seed in UTF-8, without blanks around it; k
in eight bytes, the highest first; the hash read as one number, the highest byte first. A draw that
came before is skipped. Rows are counted from 0 there, and from 1 in the pack.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import count
from typing import BinaryIO

from petition.core.errors import DomainError
from petition.deliveries.pack.archive import MANIFEST, in_zip, lines, small
from petition.deliveries.pack.manifest import Manifest
from petition.deliveries.pack.merkle import Leaves, WholeTree
from petition.deliveries.pack.verify import ROWS, canonical, read_row

LEAST_SAMPLE = 500
SHARE = Decimal("0.03")
LONGEST_SEED = 500
NOT_ENOUGH, ENOUGH = Decimal("0.95"), Decimal("1.10")
RULE = "SHA-256(seed in UTF-8, then k in 8 bytes, highest first) mod size; k = 0, 1 …; no row twice"


class Verdict(StrEnum):
    """What a sample says of the whole."""

    ENOUGH = "enough"
    DOUBT = "doubt"
    """Only a look at every signature would tell."""
    TOO_FEW = "too_few"


class CannotSample(DomainError):
    """No sample can be drawn; the message says why."""


def usual_size(signatures: int) -> int:
    """Return how many rows are to be drawn: 500 or 3 %, whichever is more; all if fewer.

    2 CCR 20521 (California).
    """
    return min(signatures, max(LEAST_SAMPLE, math.ceil(SHARE * signatures)))


def draw(seed: str, signatures: int, size: int) -> list[int]:
    """Return which of so many rows are drawn, counted from 0, in the order of their draw.

    All of them, in their order, where they are no more than `size`. Raises CannotSample.
    """
    text = seed.strip()
    if not text or len(text) > LONGEST_SEED:
        raise CannotSample(f"The seed is empty, or longer than {LONGEST_SEED} characters.")
    try:
        octets = text.encode()
    except UnicodeEncodeError:
        raise CannotSample("The seed has bytes that are no characters of UTF-8.") from None
    if size < 1 or signatures < 1:
        raise CannotSample("There is nothing to draw: a sample has at least one row.")
    if size >= signatures:
        return list(range(signatures))
    drawn: dict[int, None] = {}
    for k in count():
        digest = hashlib.sha256(octets + k.to_bytes(8)).digest()
        drawn[int.from_bytes(digest) % signatures] = None
        if len(drawn) == size:
            break
    return list(drawn)


def sample(pack: BinaryIO, seed: str, size: int | None = None) -> Iterator[bytes]:
    """Yield, as JSON, the rows of a pack that a seed draws, with the proofs of their inclusion.

    The pack has been checked. Raises CannotSample, before it yields.
    """
    files, _left = in_zip(pack)
    manifest = Manifest.from_bytes(small(files, MANIFEST))
    signatures = manifest.totals.signatures
    indices = draw(seed, signatures, usual_size(signatures) if size is None else size)
    leaves, wanted = Leaves(), set(indices)
    rows: dict[int, bytes] = {}
    _size, content = files[ROWS]
    for index, row in enumerate(lines(content())):
        leaves.add(read_row(row, manifest.tier, index + 1)[1])
        if index in wanted:
            rows[index] = row
    tree = leaves.whole()
    if tree.root.hex() != manifest.tree.root:
        raise CannotSample("The rows of the pack have another root than its manifest names.")
    return _written(seed.strip(), manifest, tree, indices, rows)


def _written(
    seed: str, manifest: Manifest, tree: WholeTree, indices: list[int], rows: dict[int, bytes]
) -> Iterator[bytes]:
    head = {"rule": RULE, "seed": seed, "size": manifest.tree.size, "root": manifest.tree.root}
    yield canonical(head)[:-1] + b',"sample":['
    for place, index in enumerate(indices):
        proof = canonical([node.hex() for node in tree.proof(index)])
        yield b",\n" if place else b"\n"
        yield b'{"index":%d,"proof":%s,"row":%s}' % (index, proof, rows[index].rstrip(b"\n"))
    yield b"\n]}\n"


@dataclass(frozen=True, slots=True)
class Washington:
    """How the State of Washington judges a sample (WAC 434-379-010)."""

    signatures: int
    sample: int
    invalid: int
    """In the sample, duplicates left out."""
    pairs: int
    """Of duplicates in the sample."""
    required: int

    @property
    def share(self) -> float:
        """r: which part was drawn."""
        return self.sample / self.signatures

    @property
    def invalid_at_most(self) -> float:
        """U: how many may be invalid in all, with a margin for chance."""
        return (self.invalid + 1.5 * math.sqrt(self.invalid)) / self.share

    @property
    def margin(self) -> float:
        """M: how many more there are than are required, were so many invalid."""
        return self.signatures - self.required - self.invalid_at_most

    @property
    def expected_pairs(self) -> float:
        """E: how many pairs a sample has where duplicates use up that margin."""
        return self.share**2 * self.margin

    @property
    def acceptable_pairs(self) -> float:
        """A: how many pairs leave no doubt; none where there is no margin."""
        expected = max(self.expected_pairs, 0.0)
        return expected - 1.65 * math.sqrt(expected)

    @property
    def needs_full_check(self) -> bool:
        """Whether the sample leaves a doubt, so that every signature is looked at."""
        return self.margin <= 0 or self.pairs > self.acceptable_pairs


@dataclass(frozen=True, slots=True)
class California:
    """How the State of California projects a sample (2 CCR 20530, 20531)."""

    signatures: int
    sample: int
    valid: int
    """In the sample, duplicates among them."""
    duplicates: int
    """In the sample."""

    @property
    def valid_percent(self) -> Decimal:
        """How many in a hundred of the sample are valid, to two decimals."""
        return _rounded(Decimal(100) * self.valid / self.sample, "0.01")

    @property
    def value(self) -> Decimal:
        """For how many signatures one of the sample stands, to four decimals."""
        return _rounded(Decimal(self.signatures) / self.sample, "0.0001")

    @property
    def weight(self) -> Decimal:
        """For how many duplicates one of the sample stands."""
        return _rounded(self.value * (self.value - 1), "0.0001")

    @property
    def duplicates_in_all(self) -> int:
        """How many duplicates there are, as projected."""
        return _up(self.duplicates * self.weight)

    @property
    def valid_in_all(self) -> int:
        """How many are valid, as projected, duplicates taken off."""
        return _up(self.valid_percent * self.signatures / 100) - self.duplicates_in_all

    def verdict(self, required: int) -> Verdict:
        """Whether so many are valid: where the projection is near the need, nobody knows.

        Elections Code, 9031 and 9309: from 95 % to 110 % every signature is checked.
        """
        share = Decimal(self.valid_in_all) / required
        if share < NOT_ENOUGH:
            return Verdict.TOO_FEW
        return Verdict.DOUBT if share <= ENOUGH else Verdict.ENOUGH


def _rounded(number: Decimal, to: str) -> Decimal:
    return number.quantize(Decimal(to), ROUND_HALF_UP)


def _up(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))
