"""Secret tokens for links: random, stored only as a hash, handed out once."""

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

TOKEN_BYTES = 24
LINK_LIFETIME = timedelta(hours=72)


class NewToken(NamedTuple):
    """A fresh token: the secret for the link, and the digest for the database."""

    secret: str
    digest: bytes


def new_token() -> NewToken:
    """Return a token of 192 random bits, safe in a URL."""
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    return NewToken(secret, digest(secret))


def digest(secret: str) -> bytes:
    """Return the SHA-256 digest by which the database knows the token.

    A plain hash is enough: the token has 192 random bits, so there is nothing to guess.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
