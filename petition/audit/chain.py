"""The tags that tie each entry to the one before, and the last one to the head."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from petition.core.keyring.sealing import tag

NOTHING = bytes(32)
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Content:
    """All that an entry says, before anything of it is sealed."""

    number: int
    at: datetime
    act: str
    actor: str
    organiser_id: int | None
    about: str | None
    """The text that is sealed."""

    @property
    def tag(self) -> bytes:
        """The tag of this content; the same however often it is sealed anew."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = [self.number, at, self.act, self.actor, self.organiser_id, self.about]
        return tag("audit-content", json.dumps(said))


def chain_tag(before: bytes, content_tag: bytes) -> bytes:
    """Return the tag of an entry that follows the one whose chain tag is `before`."""
    return tag("audit-chain", f"{before.hex()}:{content_tag.hex()}")


def head_tag(number: int, end: bytes) -> bytes:
    """Return the tag of a head that says: the log ends with this number and chain tag."""
    return tag("audit-head", f"{number}:{end.hex()}")
