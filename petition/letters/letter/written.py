"""What somebody writes: the draft on its way through the pages, and the finished letter."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

REASONS_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes."""

    name: str
    email: str
    country: str
    postcode: str = ""
    address: str = ""
    """The full postal address, asked only where an office answers its constituents alone."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reason that was chosen, and what its writer says about it."""

    reason: int
    """Its place among those that the text offers, from 0."""
    words: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter while it is written; each page adds its part, and going back loses none."""

    writer: Writer
    recipient_id: int | None = None
    sentences: tuple[Sentence, ...] = ()
    subject: str = ""
    body: str = ""
    """Empty until its writer has had it in hand; until then it follows the other pages."""
    reply_allowed: bool = False
    reached: int = 0
    """Up to which of the pages its writer has gone on, from 1."""
    nudged: bool = False
    """Whether its writer was asked once to put it in their own words."""
    is_handed_in: bool = False
    """Whether a letter was handed in from it, which may wait for its writer to confirm it."""
    is_suspect: bool = False
    """Whether something filled in what no person sees: it will wait for a moderator."""

    def to_bytes(self) -> bytes:
        """Return it in the form in which it is sealed."""
        return _to_bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` made."""
        fields: dict[str, Any] = json.loads(data)
        fields["writer"] = Writer(**fields["writer"])
        fields["sentences"] = tuple(Sentence(**one) for one in fields["sentences"])
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Written:
    """A finished letter, as it is to leave."""

    writer: Writer
    subject: str
    body: str
    reply_allowed: bool
    """Whether the office may see the writer's address, to answer to it."""

    def to_bytes(self) -> bytes:
        """Return it in the form in which it is sealed."""
        return _to_bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` made."""
        fields: dict[str, Any] = json.loads(data)
        return cls(**fields | {"writer": Writer(**fields["writer"])})


def _to_bytes(value: Draft | Written) -> bytes:
    return json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":")).encode()
