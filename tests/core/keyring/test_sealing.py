"""Sealed values open in their place alone; tags of two scopes cannot be joined."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from petition.core.keyring import sealing
from petition.core.keyring.keys import KeyFile
from petition.core.keyring.sealing import SealBroken, Sealed, seal, tag, unseal, unseal_each
from petition.core.storage.database import session, transaction
from petition.signatures.models import Signature
from tests.factories import make_ask, newest_signature, rows, sign, signer

pytestmark = pytest.mark.usefixtures("instance")


@given(data=st.binary(max_size=200), context=st.text(max_size=30))
def test_what_is_sealed_opens_in_its_context(data: bytes, context: str) -> None:
    assert unseal(seal(data, context), context) == data


@given(data=st.binary(max_size=50), one=st.text(max_size=20), other=st.text(max_size=20))
def test_it_opens_in_no_other_context(data: bytes, one: str, other: str) -> None:
    if one == other:
        return
    with pytest.raises(SealBroken):
        unseal(seal(data, one), other)


@given(data=st.binary(min_size=1, max_size=50), position=st.integers(0, 10_000))
def test_a_changed_bit_is_seen(data: bytes, position: int) -> None:
    sealed = seal(data, "context")
    box = bytearray(sealed.box)
    box[position % len(box)] ^= 1
    with pytest.raises(SealBroken):
        unseal(Sealed(sealed.key_id, bytes(box)), "context")


@pytest.mark.parametrize("box", [b"", b"x", b"x" * 12, b"x" * 27])
def test_what_is_too_short_to_be_sealed_does_not_open(box: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(Sealed(sealing.keys().current, box), "context")


def test_of_many_values_each_opens_in_its_own_context_and_a_broken_one_costs_no_other() -> None:
    one, two = seal(b"Nadia", "one"), seal(b"Sergei", "two")
    boxes = [(*one, "one"), (*one, "two"), ("gone", two.box, "two"), (one.key_id, b"", "one")]

    assert list(unseal_each([*boxes, (*two, "two")])) == [b"Nadia", None, None, None, b"Sergei"]


def test_the_same_words_never_look_the_same() -> None:
    assert len({seal(b"Nadia", "context").box for _ in range(100)}) == 100


def test_a_value_under_a_key_that_is_gone_does_not_open(tmp_path: Path) -> None:
    sealed = seal(b"Nadia", "context")
    other = KeyFile(tmp_path / "other.json")
    other.create_if_missing()
    sealing.configure(other)

    with pytest.raises(SealBroken, match="no key"):
        unseal(sealed, "context")


def test_a_key_that_another_process_made_is_found_at_once(instance: Path) -> None:
    here = sealing.key_file()
    unseal(seal(b"warm", "c"), "c")
    elsewhere = KeyFile(instance / "keys.json")
    elsewhere.replace(elsewhere.keys().with_new_current())
    sealing.configure(elsewhere)
    sealed = seal(b"Nadia", "context")
    sealing.configure(here)

    assert unseal(sealed, "context") == b"Nadia"


def test_a_key_that_comes_while_many_values_are_opened_is_found_at_once(instance: Path) -> None:
    def sealed_meanwhile() -> Iterator[tuple[str, bytes, str]]:
        yield (*seal(b"before", "context"), "context")
        elsewhere = KeyFile(instance / "keys.json")
        elsewhere.replace(elsewhere.keys().with_new_current())
        sealing.keys(fresh=True)
        yield (*seal(b"after", "context"), "context")

    assert list(unseal_each(sealed_meanwhile())) == [b"before", b"after"]


@given(value=st.text(max_size=30), one=st.text(max_size=10), other=st.text(max_size=10))
def test_tags_of_two_scopes_cannot_be_joined(value: str, one: str, other: str) -> None:
    assert tag(one, value) == tag(one, value)
    assert len(tag(one, value)) == 32
    if one != other:
        assert tag(one, value) != tag(other, value)


def test_tags_of_two_installs_cannot_be_joined(tmp_path: Path) -> None:
    first = tag("petition:1", "nadia@example.org")
    other = KeyFile(tmp_path / "other.json")
    other.create_if_missing()
    sealing.configure(other)

    assert tag("petition:1", "nadia@example.org") != first


def test_a_person_moved_to_another_row_does_not_open(database: str) -> None:
    ask = make_ask()
    sign(ask, signer("nadia@example.org"))
    first = newest_signature()
    sign(ask, signer("other@example.org"))
    with transaction() as writing:
        moved = update(Signature).where(Signature.id != first.id)
        writing.execute(moved.values(person=first.person, person_key=first.person_key))

    with pytest.raises(SealBroken):
        newest_signature().opened()


def test_nothing_personal_stands_in_the_database_in_the_clear(database: str) -> None:
    ask = make_ask()
    sign(ask, signer("zerlina@example.org", name="Zerlina Unmistakable", reason="Quittenbrot"))
    assert rows(Signature) == 1

    found = b""
    for table in Signature.metadata.sorted_tables:
        for row in session.execute(table.select()):
            found += b"|".join(
                value if isinstance(value, bytes) else str(value).encode() for value in row
            )
    session.commit()
    for secret in (b"zerlina", b"Zerlina", b"Unmistakable", b"Quittenbrot"):
        assert secret not in found
    assert b"GB" in found
