"""What a recipient may have of one signature, and the row of signatures.jsonl that holds it.

A record has no field for an e-mail address, a network or a moment: nothing of that kind can get
into a pack. Its number means nothing outside of the pack.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from petition.deliveries.pack.verify import PEOPLE, TIERS, canonical


class Tier(StrEnum):
    """How much a pack says about each person."""

    COUNTS = "counts"
    """Their country, and no name."""
    NAMES = "names"
    LOCALITIES = "localities"
    """Name and place."""
    ADDRESSES = "addresses"
    """The full address, only with consent that asked for that."""


@dataclass(frozen=True, slots=True)
class Record:
    """One signature of a pack."""

    number: int
    """Its place in the pack, from 1."""
    country: str
    """ISO 3166-1 alpha-2."""
    language: str
    version: int
    """Which version of the petition was signed, in which language."""
    week: str
    """In which it was confirmed, as `week_of` returns it."""
    name: str | None = None
    locality: str | None = None
    address: str | None = None


def week_of(moment: datetime) -> str:
    """Return the week of a moment in UTC, as ISO 8601 writes it."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02}"


def rows(records: Iterable[Record], tier: Tier, secret: bytes) -> Iterator[bytes]:
    """Yield the rows of records, each with its salt and no more about a person than `tier` allows.

    The salts follow from a secret of 32 random bytes, which the pack alone has: so the rows can be
    written twice without being kept.
    """
    about = PEOPLE[: TIERS.index(tier)]
    for record in records:
        yield canonical({"record": _fields(record, about), "salt": _salt(secret, record)}) + b"\n"


def _fields(record: Record, about: Iterable[str]) -> dict[str, Any]:
    person = {name: value for name in about if (value := getattr(record, name)) is not None}
    return {
        "number": record.number,
        "country": record.country,
        "language": record.language,
        "version": record.version,
        "week": record.week,
        **person,
    }


def _salt(secret: bytes, record: Record) -> str:
    return hmac.digest(secret, record.number.to_bytes(8), hashlib.sha256).hex()
