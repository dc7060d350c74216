"""Numbers of rows as they stand in links that live for years: opaque, and nobody else makes one.

AES-SIV (RFC 5297): the same number always hides behind the same text, and what is not such a text
opens to nothing. The key follows from that of the tags, which never changes.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from petition.core.keyring.sealing import tag

NUMBER_BYTES = 8
LENGTH = 32
"""Characters of such a text: 16 bytes that prove it, and the number."""


def hidden(scope: str, number: int) -> str:
    """Return a text that stands for a number of this scope, safe in a URL."""
    return urlsafe_b64encode(_cipher(scope).encrypt(number.to_bytes(NUMBER_BYTES), [])).decode()


def shown(scope: str, text: str) -> int | None:
    """Return the number that a text stands for; None where it is not one of ours."""
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        return int.from_bytes(_cipher(scope).decrypt(urlsafe_b64decode(text), []))
    except (InvalidTag, ValueError, Error):
        return None


def _cipher(scope: str) -> AESSIV:
    return AESSIV(tag("hidden-number", scope))
