"""Passwords: hashed with argon2id, long enough, and not the person's own name."""

import secrets
import unicodedata
from enum import StrEnum, auto
from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from petition.organisers.models import Identity

SHORTEST = 12
LONGEST = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


class Objection(StrEnum):
    """Why a password is not taken."""

    SHORT = auto()
    LONG = auto()
    ABOUT_YOU = auto()
    MONOTONOUS = auto()


def objection(password: str, identity: Identity) -> Objection | None:
    """Return why this person should not have this password, or None."""
    if len(password) < SHORTEST:
        return Objection.SHORT
    if len(password) > LONGEST:
        return Objection.LONG
    typed = _letters(password)
    mailbox = identity.email.partition("@")[0]
    if typed in {_letters(own) for own in (identity.email, mailbox, identity.name)}:
        return Objection.ABOUT_YOU
    return Objection.MONOTONOUS if len(set(password)) < 4 else None


def _letters(text: str) -> str:
    """Return the text without capitals, spaces, digits and signs; all of it if nothing is left."""
    folded = text.casefold()
    return "".join(c for c in folded if c.isalpha()) or folded


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, its parameters and salt in it."""
    return _hasher.hash(_bytes(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash; without a hash, false in the same time."""
    try:
        _hasher.verify(stored or nobodys_hash(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@lru_cache
def nobodys_hash() -> str:
    """Return the hash of a password that nobody has; checking it takes as long as any."""
    return hash_password(secrets.token_urlsafe())


def _bytes(password: str) -> bytes:
    """Two keyboards may compose one letter differently: the hash must not care."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
