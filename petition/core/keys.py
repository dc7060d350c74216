"""The keys of an install: one file, mode 0600, outside the database.

The file holds several sealing keys by id, of which one is current, a key for the tags that
find duplicates, and a key that signs form tokens and session cookies.
"""

import json
import os
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Self

KEY_BYTES = 32
RELOAD_SECONDS = 5.0


class KeysUnreadable(RuntimeError):
    """The key file is damaged or its permissions let others read it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """One reading of the key file."""

    sealing: Mapping[str, bytes]
    current: str
    tagging: bytes
    signing: bytes

    @classmethod
    def generate(cls) -> Self:
        """Make the keys of a new install."""
        first = new_key_id()
        return cls(
            sealing={first: secrets.token_bytes(KEY_BYTES)},
            current=first,
            tagging=secrets.token_bytes(KEY_BYTES),
            signing=secrets.token_bytes(KEY_BYTES),
        )

    def with_new_current(self) -> Self:
        """Return these keys with a fresh current sealing key; the old ones still open."""
        fresh = new_key_id()
        sealing = {**self.sealing, fresh: secrets.token_bytes(KEY_BYTES)}
        return replace(self, sealing=sealing, current=fresh)

    def without(self, key_ids: set[str]) -> Self:
        """Return these keys without the retired `key_ids`; the current one always stays."""
        kept = {i: k for i, k in self.sealing.items() if i not in key_ids or i == self.current}
        return replace(self, sealing=kept)

    def to_json(self) -> str:
        """Return the text of the key file."""
        document = {
            "current": self.current,
            "sealing": {i: b64encode(k).decode() for i, k in self.sealing.items()},
            "tagging": b64encode(self.tagging).decode(),
            "signing": b64encode(self.signing).decode(),
        }
        return json.dumps(document, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the text of a key file. Raises KeysUnreadable when it is damaged."""
        try:
            document = json.loads(text)
            keys = cls(
                sealing={i: b64decode(k) for i, k in document["sealing"].items()},
                current=document["current"],
                tagging=b64decode(document["tagging"]),
                signing=b64decode(document["signing"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as damage:
            raise KeysUnreadable("The key file is damaged; restore it from its backup.") from damage
        lengths = {len(key) for key in (*keys.sealing.values(), keys.tagging, keys.signing)}
        if lengths != {KEY_BYTES}:
            raise KeysUnreadable("The key file holds a key of the wrong length.")
        if keys.current not in keys.sealing:
            raise KeysUnreadable("The key file names a current key that it does not hold.")
        return keys


def new_key_id() -> str:
    """Return a short random name for a sealing key."""
    return secrets.token_hex(4)


class KeyFile:
    """The key file on disk, read again when it changed, so that rotation needs no restart."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._keys: Keys | None = None
        self._stamp = (0, 0)
        self._checked_at = 0.0

    def create_if_missing(self) -> None:
        """Make the file with fresh keys unless it is there; two starters end with one file."""
        if self.path.exists():
            return
        fresh = self._write_beside(Keys.generate())
        try:
            os.link(fresh, self.path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()

    def keys(self, *, fresh: bool = False) -> Keys:
        """Return the keys; looks at the file again after a few seconds, or at once if `fresh`."""
        moment = time.monotonic()
        if self._keys and not fresh and moment - self._checked_at < RELOAD_SECONDS:
            return self._keys
        with self._lock:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_ino)
            if self._keys is None or stamp != self._stamp:
                if status.st_mode & 0o077:
                    raise KeysUnreadable(f"Others may read {self.path.name}: chmod 600 it.")
                self._keys = Keys.from_json(self.path.read_text("utf-8"))
                self._stamp = stamp
            self._checked_at = moment
            return self._keys

    def replace(self, keys: Keys) -> None:
        """Put `keys` in the file's place in one step."""
        self._write_beside(keys).replace(self.path)
        self.keys(fresh=True)

    def _write_beside(self, keys: Keys) -> Path:
        beside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(keys.to_json())
            stream.flush()
            os.fsync(stream.fileno())
        return beside
