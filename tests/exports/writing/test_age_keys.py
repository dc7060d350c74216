"""Keys of age: public ones are read, each mistake is told apart, and no secret one gets past."""

from collections.abc import Callable

import pytest
from pyrage.x25519 import Identity

from petition.exports.writing.age_keys import (
    KEY_LENGTH,
    MOST_KEYS,
    KeyFault,
    NoPublicKey,
    TooManyKeys,
    holds_secret_key,
    public_keys,
)

PROSE = "To hand the petition over at noon; the secret key 1 of us has is with the treasurer. " * 9


def key_of(identity: Identity) -> str:
    return str(identity.to_public())


def test_keys_are_taken_one_from_each_line_and_each_once() -> None:
    one, other = key_of(Identity.generate()), key_of(Identity.generate())

    assert public_keys(f"  {one} \r\n\n{other}\n{one}") == (one, other)
    assert public_keys(" \n ") == ()
    assert public_keys(f"{one[:20]}\u200b{one[20:]}\u00ad\ufeff") == (one,)  # as pages are pasted


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ssh-ed25519 AAAAC3Nza", KeyFault.NO_KEY),
        ("nadia@example.org", KeyFault.NO_KEY),
        ("ключ", KeyFault.NO_KEY),
        ("x" * 5_000, KeyFault.NO_KEY),
        ("age1 is what it begins with", KeyFault.NO_KEY),
        ("age1", KeyFault.MISTYPED),
        ("age1" + "q" * 58, KeyFault.MISTYPED),
        ("AGE1" + "Q" * 57, KeyFault.MISTYPED),
        ("age1yubikey1" + "q" * 59, KeyFault.OTHER_KIND),
        ("age1pq1" + "q" * 1_900, KeyFault.OTHER_KIND),
    ],
)
def test_what_is_no_public_key_is_named_by_its_line_and_its_fault(
    line: str, fault: KeyFault
) -> None:
    with pytest.raises(NoPublicKey) as refused:
        public_keys(f"{key_of(Identity.generate())}\n\n{line}")

    assert (refused.value.line, refused.value.fault) == (3, fault)
    assert refused.value.length == len(line)


def test_one_wrong_letter_anywhere_is_a_slip_and_nothing_else() -> None:
    key = key_of(Identity.generate())
    for place in range(4, KEY_LENGTH):
        for letter in {"1", "o", "q", "z"} - {key[place]}:
            with pytest.raises(NoPublicKey) as refused:
                public_keys(key[:place] + letter + key[place + 1 :])
            assert refused.value.fault is KeyFault.MISTYPED


def test_there_may_be_so_many_keys_and_no_more() -> None:
    keys = [key_of(Identity.generate()) for _ in range(MOST_KEYS + 1)]

    assert public_keys("\n".join(keys[1:])) == tuple(keys[1:])
    with pytest.raises(TooManyKeys):
        public_keys("\n".join(keys))


@pytest.mark.parametrize(
    "spelt",
    [
        str,
        str.lower,
        lambda key: f"{key[:9]}\n {key[9:]}",
        lambda key: "\u200b".join(key),
        lambda key: "\u00ad".join(key),
        lambda key: " ".join(key),
        lambda key: key[4:],
        lambda key: key[4:].replace("-", "\u2011"),
        lambda key: "-".join(key.split("-")[2:]),
        lambda key: key[16:],  # its letters alone
        lambda key: key[18:],  # and not even all of them
        lambda key: key[:40],  # the half of it
        lambda key: key[:-1] + ("Q" if key[-1] != "Q" else "P"),
        lambda key: key[16:-1] + ("Q" if key[-1] != "Q" else "P"),
        lambda key: key.replace("AGE-SECRET-KEY-", "AGE-SECRET-KEY-PQ-"),
    ],
)
def test_a_secret_key_is_known_however_it_is_spelt(spelt: Callable[[str], str]) -> None:
    for secret in (str(Identity.generate()) for _ in range(20)):
        assert holds_secret_key(f"# created: 2026\n{spelt(secret)}\n")
        assert holds_secret_key(f"For the embassy: {spelt(secret)}, thank you")


def test_public_keys_and_prose_are_not_taken_for_secret_ones() -> None:
    for key in (key_of(Identity.generate()) for _ in range(200)):
        assert not holds_secret_key(f"{key}\n{key.upper()}")
    for text in ("", PROSE, "x" * 1_600, "https://example.org/" + "a" * 300, "secret key 1"):
        assert not holds_secret_key(text)
