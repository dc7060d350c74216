"""The keys of this install under which packs are signed."""

from petition.core.keyring import sealing
from petition.deliveries.pack.minisign import PublicKey, SecretKey


def signing_key() -> SecretKey:
    """Return the key under which packs are signed now."""
    keys = sealing.keys().delivery
    return SecretKey(keys.seed, PublicKey.of(keys.public).key_id)


def public_keys() -> list[PublicKey]:
    """Return the key in use, and after it those under which packs were signed before."""
    keys = sealing.keys().delivery
    return [PublicKey.of(octets) for octets in (keys.public, *keys.former)]
