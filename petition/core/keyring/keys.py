"""The keys of an install: one file, mode 0600, outside the database.

The file holds several sealing keys by id, of which one is current, a key for the tags that
find duplicates, a key that signs form tokens and session cookies, and one that signs deliveries.
"""

import json
import os
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Self

from petition.core.clock import now
from petition.core.errors import InstallUnfit
from petition.core.keyring.delivery_keys import DeliveryKeys
from petition.core.log import log

KEY_BYTES = 32
RELOAD_SECONDS = 5.0


class KeysUnreadable(InstallUnfit):
    """The key file is missing, damaged, of another install, or others may read it.

    Worded for whoever looks after the install.
    """


@dataclass(frozen=True, slots=True)
class Keys:
    """One reading of the key file."""

    sealing: Mapping[str, bytes]
    current: str
    tagging: bytes
    signing: bytes
    delivery: DeliveryKeys
    ready: str | None = None
    """A key that opens already and seals nothing yet: every host shall hold it first."""
    since: datetime | None = None
    """Since when the current key is current; None in a file that an older version wrote."""

    @classmethod
    def generate(cls) -> Self:
        """Make the keys of a new install."""
        first = new_key_id()
        return cls(
            sealing={first: secrets.token_bytes(KEY_BYTES)},
            current=first,
            tagging=secrets.token_bytes(KEY_BYTES),
            signing=secrets.token_bytes(KEY_BYTES),
            delivery=DeliveryKeys.generate(),
            since=now(),
        )

    @property
    def old(self) -> set[str]:
        """The keys that open what was sealed before, and seal nothing any more."""
        return self.sealing.keys() - {self.current, self.ready}

    @property
    def ids(self) -> set[str]:
        """By what one copy of the file is told from another: of each key its id."""
        return {*self.sealing, self.delivery.id}

    def with_ready(self) -> Self:
        """Return these keys with one more that lies ready; the same where one does already."""
        if self.ready is not None:
            return self
        fresh = new_key_id()
        sealing = {**self.sealing, fresh: secrets.token_bytes(KEY_BYTES)}
        return replace(self, sealing=sealing, ready=fresh)

    def with_new_delivery_key(self) -> Self:
        """Return these keys with a new one for deliveries; the public part of the old one stays."""
        return replace(self, delivery=self.delivery.renewed())

    def with_new_current(self) -> Self:
        """Return these keys with the ready or a fresh one as the current; the old still open."""
        prepared = self.with_ready()
        assert prepared.ready is not None
        return replace(prepared, current=prepared.ready, ready=None, since=now())

    def without(self, key_ids: set[str]) -> Self:
        """Return these keys without the retired `key_ids`; the current one always stays."""
        kept = {i: k for i, k in self.sealing.items() if i not in key_ids or i == self.current}
        return replace(self, sealing=kept, ready=self.ready if self.ready in kept else None)

    def with_old(self, other: Self) -> Self:
        """Return these keys and, to open what is old, those of another reading of the file."""
        delivery = self.delivery.with_former(other.delivery.known)
        return replace(self, sealing={**other.sealing, **self.sealing}, delivery=delivery)

    def may_follow(self, before: Self) -> bool:
        """Whether these can be what became of the keys `before`: no other's, and no older copy."""
        if self.tagging != before.tagging or self.ready == before.current:
            return False
        if before.delivery.public not in self.delivery.known:
            return False
        if before.current in self.sealing or before.since is None:
            return True
        return self.since is not None and self.since >= before.since

    def to_json(self) -> str:
        """Return the text of the key file."""
        document = {
            "current": self.current,
            "ready": self.ready,
            "since": self.since and self.since.isoformat(),
            "sealing": {i: b64encode(k).decode() for i, k in self.sealing.items()},
            "tagging": b64encode(self.tagging).decode(),
            "signing": b64encode(self.signing).decode(),
            "delivery": self.delivery.to_document(),
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
                delivery=_delivery(document),
                ready=document.get("ready"),
                since=_moment(document.get("since")),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as damage:
            raise KeysUnreadable("The key file is damaged; restore it from its backup.") from damage
        lengths = {len(key) for key in (*keys.sealing.values(), keys.tagging, keys.signing)}
        if lengths != {KEY_BYTES}:
            raise KeysUnreadable("The key file holds a key of the wrong length.")
        if not {keys.current, keys.ready or keys.current} <= keys.sealing.keys():
            raise KeysUnreadable("The key file names a current key that it does not hold.")
        return keys


def _delivery(document: Mapping[str, Any]) -> DeliveryKeys:
    if "delivery" not in document:
        return DeliveryKeys.derived(b64decode(document["tagging"]))
    return DeliveryKeys.from_document(document["delivery"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def new_key_id() -> str:
    """Return a short random name for a sealing key."""
    return secrets.token_hex(4)


def keep_names(folder: Path) -> None:
    """Have the disk know the names of the files in a folder, and not only what is in them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class KeyFile:
    """The key file on disk, read again when it changed, so that rotation needs no restart.

    A file that went missing meanwhile, or that holds other keys, is not taken: the keys that were
    in use stay so, or one mailbox would sign twice and nothing that is sealed would open.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.complaint: str | None = None
        """Why the file on disk is not taken; None as long as it is."""
        self.older: str | None = None
        """Why the database is not used with it: it knows of a newer key. None as long as it is."""
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
            keep_names(self.path.parent)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()

    def keys(self, *, fresh: bool = False) -> Keys:
        """Return the keys; looks at the file again after a few seconds, or at once if `fresh`.

        Raises KeysUnreadable where there were none before.
        """
        moment = time.monotonic()
        if self._keys and not fresh and moment - self._checked_at < RELOAD_SECONDS:
            return self._keys
        with self._lock:
            before = self._keys
            try:
                self._look()
                self.complaint = None
            except KeysUnreadable as problem:
                if before is None:
                    raise
                self._complain(str(problem))
            self._checked_at = moment
            assert self._keys is not None
            return self._keys

    def since(self) -> datetime:
        """Return since when the current key is current.

        A file that was copied may look younger than it is, and one of an older version says
        nothing but its own age.
        """
        changed = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        return min(self.keys(fresh=True).since or changed, changed)

    def replace(self, keys: Keys) -> None:
        """Put `keys` in the file's place in one step. Raises OSError, and changes nothing then."""
        with self.lying_beside(keys):
            pass

    @contextmanager
    def lying_beside(self, keys: Keys) -> Iterator[None]:
        """Have `keys` on the disk; they take the file's place where the block ends well.

        Raises OSError, before the block, where there is no room for them.
        """
        beside = self._write_beside(keys)
        try:
            yield
            beside.replace(self.path)
        finally:
            beside.unlink(missing_ok=True)
        keep_names(self.path.parent)
        self.keys(fresh=True)

    def remove_leftovers(self) -> None:
        """Delete what a process left that was killed while it wrote; nobody else may write now."""
        for beside in self.path.parent.glob(f".{self.path.name}.*"):
            beside.unlink(missing_ok=True)

    def _look(self) -> None:
        """Take what is in the file, where it changed. Raises KeysUnreadable."""
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_ino)
            if self._keys is not None and stamp == self._stamp:
                return
            if status.st_mode & 0o077:
                raise KeysUnreadable(f"Others may read {self.path.name}: chmod 600 it.")
            found = Keys.from_json(self.path.read_text("utf-8"))
        except FileNotFoundError:
            raise KeysUnreadable(f"{self.path.name} is missing: put its copy back.") from None
        except (OSError, UnicodeDecodeError) as problem:
            kind = type(problem).__name__
            raise KeysUnreadable(f"{self.path.name} cannot be read ({kind}).") from problem
        if self._keys is not None and not found.may_follow(self._keys):
            raise KeysUnreadable(
                f"{self.path.name} holds other keys, or is an older copy: put the right one back."
            )
        self._keys, self._stamp = found, stamp

    def _complain(self, problem: str) -> None:
        """Log once for each problem, not for each request."""
        if problem != self.complaint:
            self.complaint = problem
            fields = {"problem": problem}
            log.error("key file not taken, the keys before stay in use", extra={"fields": fields})

    def _write_beside(self, keys: Keys) -> Path:
        """Write the keys to a file of their own; nothing of it stays where that fails."""
        beside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(keys.to_json())
                stream.flush()
                os.fsync(stream.fileno())
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        return beside
