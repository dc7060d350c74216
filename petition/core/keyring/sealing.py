"""Sealing: personal data encrypted with AES-256-GCM, and the keyed tags that find duplicates.

Every sealed value is bound to a context, so that a ciphertext moved to another row or column
does not open. The id of its key is stored beside it, so that keys can be rotated.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from petition.core.keyring.keys import KeyFile, Keys

NONCE_BYTES = 12
Value = TypeVar("Value")


class SealBroken(RuntimeError):
    """A sealed value does not open: its key is gone, or it was changed or moved.

    It costs the row that it stands in, and no other.
    """


class Sealed(NamedTuple):
    """An encrypted value and the id of the key that opens it."""

    key_id: str
    box: bytes


_key_file: KeyFile | None = None


def configure(key_file: KeyFile) -> None:
    """Use the keys of this file in this process."""
    global _key_file
    _key_file = key_file


def key_file() -> KeyFile:
    """Return the key file in use. Raises RuntimeError before `configure`."""
    if _key_file is None:
        raise RuntimeError("petition.core.keyring.sealing.configure() has not been called")
    return _key_file


def keys(*, fresh: bool = False) -> Keys:
    """Return the keys in use. Raises RuntimeError before `configure`."""
    return key_file().keys(fresh=fresh)


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(data: bytes, context: str) -> Sealed:
    """Encrypt `data` under the current key, bound to `context`."""
    ring = keys()
    return Sealed(ring.current, seal_under(ring.sealing[ring.current], data, context))


def seal_under(key: bytes, data: bytes, context: str) -> bytes:
    """Encrypt `data` under a key of its own (32 bytes), bound to `context`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, data, context.encode())


def unseal(sealed: Sealed, context: str) -> bytes:
    """Decrypt what `seal` made with the same `context`. Raises SealBroken."""
    key = keys().sealing.get(sealed.key_id) or keys(fresh=True).sealing.get(sealed.key_id)
    if key is None:
        raise SealBroken(f"no key {sealed.key_id} in the key file")
    return unseal_under(key, sealed.box, context)


def unseal_under(key: bytes, box: bytes, context: str) -> bytes:
    """Decrypt what `seal_under` made with the same key and `context`. Raises SealBroken."""
    try:
        return _cipher(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError):
        raise SealBroken("a sealed value does not open in its place") from None


def unseal_each(boxes: Iterable[tuple[str, bytes, str]]) -> Iterator[bytes | None]:
    """Decrypt many values: of each its key's id, what `seal` made and its context.

    Yields None for one that does not open. The keys are looked up once.
    """
    opens = {key_id: _cipher(key).decrypt for key_id, key in keys().sealing.items()}
    for key_id, box, context in boxes:
        try:
            yield opens[key_id](box[:NONCE_BYTES], box[NONCE_BYTES:], context.encode())
        except (KeyError, InvalidTag, ValueError):  # a key that has come since, or it is broken
            yield if_whole(partial(unseal, Sealed(key_id, box), context))


def if_whole(opened: Callable[[], Value]) -> Value | None:
    """Return what `opened` returns; None where its seal does not open."""
    try:
        return opened()
    except SealBroken:
        return None


def tag(scope: str, value: str) -> bytes:
    """Return the keyed HMAC-SHA256 of `value`, 32 bytes; tags of two scopes cannot be joined."""
    return tag_under(keys(), scope, value)


def tag_under(ring: Keys, scope: str, value: str) -> bytes:
    """Return the tag that `tag` makes where these keys are in use."""
    message = scope.encode() + b"\0" + value.encode()
    return hmac.digest(ring.tagging, message, hashlib.sha256)


def signing_key() -> bytes:
    """Return the key that signs form tokens and session cookies."""
    return keys().signing
