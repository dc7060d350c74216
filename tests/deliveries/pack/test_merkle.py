"""The tree over the rows: vectors of others, and every small tree against its definition."""

from base64 import b64decode

import pytest

from petition.deliveries.pack.merkle import Leaves, WholeTree, is_included
from petition.deliveries.pack.verify import Tree, hash_of

THREE = [b"entry 0", b"entry 1", b"entry 2"]
ROOT = b64decode("lPvQ3YNvUDAWkubQ6t5yjuGexSv/8WBu2AfIV11aqhk=")
PROOF_OF_1 = [
    b64decode("dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE="),
    b64decode("V8efTzGuApxdS9MLBzwnyU35NDiytGl+Hh7vW8A5SkE="),
]
"""Of a checkpoint and a proof of C2SP (tlog-checkpoint, tlog-proof)."""
MOST = 40


def leaves(number: int) -> list[bytes]:
    return [b"leaf %d" % index for index in range(number)]


def defined_root(of: list[bytes]) -> bytes:
    """Return the root as RFC 6962, 2.1, defines it."""
    if not of:
        return hash_of()
    if len(of) == 1:
        return hash_of(b"\0", of[0])
    half = 1 << (len(of) - 1).bit_length() - 1
    return hash_of(b"\1", defined_root(of[:half]), defined_root(of[half:]))


def whole(of: list[bytes]) -> WholeTree:
    made = Leaves()
    for leaf in of:
        made.add(leaf)
    return made.whole()


def root_of(of: list[bytes]) -> bytes:
    tree = Tree()
    for leaf in of:
        tree.add(leaf)
    return tree.root()


def test_the_vectors_of_c2sp_hold() -> None:
    assert root_of(THREE) == ROOT
    assert whole(THREE).root == ROOT
    assert whole(THREE).proof(1) == PROOF_OF_1
    assert is_included(b"entry 1", 1, 3, PROOF_OF_1, ROOT)


@pytest.mark.parametrize("number", range(MOST))
def test_the_root_is_that_of_the_definition_and_each_leaf_has_its_proof(number: int) -> None:
    of = leaves(number)
    tree, root = whole(of), defined_root(of)

    assert root_of(of) == tree.root == root
    for index, leaf in enumerate(of):
        proof = tree.proof(index)
        assert is_included(leaf, index, number, proof, root)
        assert not is_included(b"another", index, number, proof, root)
        assert not is_included(leaf, index, number, proof, hash_of(b"another"))
        assert not is_included(leaf, index, number, [*proof, root], root)
        assert not any(
            is_included(leaf, other, number, proof, root)
            for other in range(number + 1)
            if other != index
        )
        assert not proof or not is_included(leaf, index, number, proof[:-1], root)


@pytest.mark.parametrize("index", [-1, 3, 4])
def test_what_is_no_leaf_has_no_proof(index: int) -> None:
    with pytest.raises(IndexError):
        whole(THREE).proof(index)
    assert not is_included(b"entry 0", index, 3, PROOF_OF_1, ROOT)
