"""The key under which what is handed over is signed (Ed25519), and those before it.

It has nothing to do with sealing, and no change of sealing keys changes it: others have its public
part, and know us by it. Of a key that was replaced only that part stays, so that what was signed
under it can still be told to be ours.
"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from petition.core.clock import now

SEED_BYTES = 32
PURPOSE = b"petition: the first delivery key"
ID_PREFIX = "delivery:"
"""By what a delivery key is told from sealing keys where hosts say which keys they hold."""


@dataclass(frozen=True, slots=True)
class DeliveryKeys:
    """The secret key in use, and the public parts of those before it, the newest first."""

    seed: bytes
    former: tuple[bytes, ...] = ()
    since: datetime | None = None
    """Since when the key is in use; None for the first of an install."""

    @classmethod
    def generate(cls) -> Self:
        """Make the key of a new install."""
        return cls(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def derived(cls, tagging: bytes) -> Self:
        """Return the key of an install whose key file is from before there was one.

        It follows from the key for tags, which never changes. So every process on every host has
        the same, at once, without one of them having to write the file and the others to copy it.
        """
        kdf = HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=PURPOSE)
        return cls(kdf.derive(tagging))

    @property
    def public(self) -> bytes:
        """The public part of the key in use."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """A short name for the key in use, which no sealing key has."""
        return _id(self.public)

    @property
    def known(self) -> tuple[bytes, ...]:
        """The public parts of all."""
        return (self.public, *self.former)

    def knows_all(self, key_ids: Iterable[str]) -> bool:
        """Whether those of these ids that are delivery keys' are of keys that are known here."""
        theirs = {one for one in key_ids if one.startswith(ID_PREFIX)}
        return theirs <= {_id(public) for public in self.known}

    def renewed(self) -> Self:
        """Return a new key, with the one in use among the former."""
        return type(self)(secrets.token_bytes(SEED_BYTES), self.known, now())

    def with_former(self, others: Iterable[bytes]) -> Self:
        """Return these keys, and the public parts of others that they do not know yet."""
        unknown = tuple(one for one in others if one not in self.known)
        return replace(self, former=(*self.former, *unknown))

    def to_document(self) -> dict[str, Any]:
        """Return what stands in the key file."""
        former = [b64encode(one).decode() for one in self.former]
        since = self.since and self.since.isoformat()
        return {"seed": b64encode(self.seed).decode(), "former": former, "since": since}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what stands in the key file. Raises ValueError, KeyError or TypeError."""
        since = document.get("since")
        keys = cls(
            seed=b64decode(document["seed"]),
            former=tuple(map(b64decode, document["former"])),
            since=datetime.fromisoformat(since).astimezone(UTC) if since else None,
        )
        if {len(keys.seed), *map(len, keys.former)} != {SEED_BYTES}:
            raise ValueError("a key of the wrong length")
        return keys


def _id(public: bytes) -> str:
    return ID_PREFIX + public.hex()[:8]
