"""The tree over the rows of a pack: that one of them is in it is shown without the others.

RFC 6962, 2.1, as `verify.py` computes its root. A leaf is a random salt and then the record, so
that nobody who has a hash and guesses at a signer can see whether the guess is right.
"""

from collections.abc import Sequence

from petition.deliveries.pack.verify import hash_of

HASH_BYTES = 32


class Leaves:
    """Leaves of which inclusion is to be proved; they take 64 bytes each."""

    def __init__(self) -> None:
        self._hashes = bytearray()

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        self._hashes += hash_of(b"\0", leaf)

    def whole(self) -> "WholeTree":
        """Return the tree, once all leaves have come."""
        return WholeTree(self._hashes)


class WholeTree:
    """Every node of a tree, level by level, the leaves first."""

    def __init__(self, leaves: bytearray) -> None:
        self._levels = [leaves]
        while len(self._levels[-1]) > HASH_BYTES:
            self._levels.append(_level_above(self._levels[-1]))

    @property
    def root(self) -> bytes:
        """The hash that stands for all leaves in their order."""
        return bytes(self._levels[-1]) or hash_of()

    def proof(self, index: int) -> list[bytes]:
        """Return the hashes that lead from the leaf at `index`, counted from 0, up to the root.

        Raises IndexError where there is no such leaf.
        """
        if not 0 <= index < len(self._levels[0]) // HASH_BYTES:
            raise IndexError(index)
        siblings = []
        for level in self._levels:
            if sibling := _node(level, index ^ 1):
                siblings.append(sibling)
            index >>= 1
        return siblings


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that `leaf` is at `index` in the tree of this size and root.

    RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    node, place, last = hash_of(b"\0", leaf), index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = hash_of(b"\1", sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = hash_of(b"\1", node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def _level_above(level: bytearray) -> bytearray:
    above = bytearray()
    for at in range(0, len(level) // HASH_BYTES, 2):
        left, right = _node(level, at), _node(level, at + 1)
        above += hash_of(b"\1", left, right) if right else left
    return above


def _node(level: bytearray, index: int) -> bytes:
    """Return the hash at `index`; nothing where the level ends before it."""
    return bytes(level[index * HASH_BYTES : (index + 1) * HASH_BYTES])
