"""Keys and signatures as minisign writes them (jedisct1/minisign 0.12): read by `verify.py`.

Small files are signed as they are (`Ed`): browsers know Ed25519, and not the BLAKE2b with which
large ones are hashed first (`ED`). A second signature is over the first and the trusted comment.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from petition.deliveries.pack.verify import shown, signature_text

KEY_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What others check our signatures with."""

    key_id: bytes
    octets: bytes

    @classmethod
    def of(cls, octets: bytes) -> "PublicKey":
        """Return a key with the id that ours have: minisign draws one, ours follows from the key.

        So hosts that hold the same key call it by the same id.
        """
        return cls(sha256(octets).digest()[:KEY_ID_BYTES], octets)

    @property
    def shown_id(self) -> str:
        """The id as minisign shows it."""
        return shown(self.key_id)

    @property
    def line(self) -> str:
        """The key in one line, as it is printed and typed."""
        return base64.b64encode(b"Ed" + self.key_id + self.octets).decode()

    @property
    def file(self) -> bytes:
        """What is in a file of the key, such as minisign.pub."""
        return f"untrusted comment: minisign public key {self.shown_id}\n{self.line}\n".encode()


@dataclass(frozen=True, slots=True)
class SecretKey:
    """What we sign with."""

    seed: bytes
    key_id: bytes

    @property
    def public(self) -> PublicKey:
        """What others check it with."""
        return PublicKey(self.key_id, self._key.public_key().public_bytes_raw())

    def sign(self, content: bytes, trusted_comment: str) -> bytes:
        """Return the file with the signature of `content`; Ed25519 makes the same each time."""
        signature = self._key.sign(content)
        both = self._key.sign(signature + trusted_comment.encode())
        return signature_text(self.key_id, signature, trusted_comment, both).encode()

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def comment_on(name: str, at: datetime) -> str:
    """Return the trusted comment that minisign makes for a file signed at that moment."""
    return f"timestamp:{int(at.timestamp())}\tfile:{name}"
