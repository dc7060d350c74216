"""Keys of age as people paste them: public ones are read, secret ones recognised and refused.

A key is Bech32 (BIP 173) of 32 bytes: what it is, a 1, and 58 letters of 32, the last six of which
are a checksum. A public key begins with age1, a secret one with AGE-SECRET-KEY-1
(age-encryption.org/v1, the X25519 recipient type).
"""

import re
from enum import StrEnum, auto

import pyrage

MOST_KEYS = 10
PUBLIC, SECRET = "age1", "AGE-SECRET-KEY-1"
LETTERS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
"""Of Bech32: none is taken for another."""
KEY_LENGTH = len(PUBLIC) + 58
_NAMED_SECRET = re.compile(rf"SECRETKEY[A-Z]{{0,4}}1[{LETTERS}]{{16}}")
_PERHAPS = re.compile(rf"(?=([{LETTERS}]{{58}}))")
"""Every place at which the letters of a key may begin."""
_LONG = re.compile(rf"(?<!AGE1)(?<![{LETTERS}])[{LETTERS}]{{50,}}")
FEWEST_LETTERS = 10
"""Different ones in a key: fewer are no chance."""
_OF_A_PLUGIN = re.compile(r"age1[a-z]+1")


class KeyFault(StrEnum):
    """Why a line is not a public key that a file can be encrypted for."""

    NO_KEY = auto()
    MISTYPED = auto()
    """It begins like one, and letters of it are wrong, missing or too many."""
    OTHER_KIND = auto()
    """A plugin's, or one against quantum computers."""


class NoPublicKey(ValueError):
    """A line is not a public key of age."""

    def __init__(self, line: int, fault: KeyFault, length: int) -> None:
        super().__init__(f"line {line} is no public key: {fault}")
        self.line, self.fault, self.length = line, fault, length


class TooManyKeys(ValueError):
    """There are more keys than a file may be encrypted for."""


def holds_secret_key(text: str) -> bool:
    """Whether a secret key of age stands in a text.

    It may be spaced, broken into lines, full of letters that cannot be seen, without its beginning,
    or mistyped: whatever may be one is, since it is never to be shown or kept.
    """
    squeezed = "".join(one for one in text.upper() if one.isascii() and one.isalnum())
    if _NAMED_SECRET.search(squeezed):
        return True
    if any(_is_secret(found[1]) for found in _PERHAPS.finditer(squeezed)):
        return True
    words = "".join(one for one in text.upper() if one.isspace() or _is_seen(one))
    return any(len(set(found[0])) >= FEWEST_LETTERS for found in _LONG.finditer(words))


def _is_secret(letters: str) -> bool:
    try:
        pyrage.x25519.Identity.from_str(SECRET + letters)
    except pyrage.IdentityError:
        return False
    return True


def public_keys(text: str) -> tuple[str, ...]:
    """Return the public keys in a text, one on each line, as age writes them and each once.

    Raises NoPublicKey and TooManyKeys.
    """
    lines = [(nth, "".join(filter(_is_seen, line)).strip()) for nth, line in _lines(text)]
    given = [(nth, line) for nth, line in lines if line]
    if len(given) > MOST_KEYS:
        raise TooManyKeys
    return tuple(dict.fromkeys(_public_key(line, nth) for nth, line in given))


def _lines(text: str) -> enumerate[str]:
    return enumerate(text.splitlines(), 1)


def _is_seen(character: str) -> bool:
    return character.isprintable()


def _public_key(line: str, number: int) -> str:
    try:
        return str(pyrage.x25519.Recipient.from_str(line))
    except pyrage.RecipientError:
        raise NoPublicKey(number, _fault(line.lower()), len(line)) from None


def _fault(line: str) -> KeyFault:
    if not line.startswith(PUBLIC) or not line.isalnum():
        return KeyFault.NO_KEY
    is_of_a_plugin = _OF_A_PLUGIN.match(line) and len(line) > KEY_LENGTH
    return KeyFault.OTHER_KIND if is_of_a_plugin else KeyFault.MISTYPED
