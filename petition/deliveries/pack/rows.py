"""The signatures that go into a pack, and the texts that were signed in it, as they are stored."""

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, String, cast, func, select

from petition.core.storage.database import session
from petition.core.storage.long_reads import batches_on, stream_rows
from petition.deliveries.models import Delivery
from petition.deliveries.pack.packing import SignedText
from petition.deliveries.pack.records import Record, Tier, week_of
from petition.petitions.models import PetitionText, PetitionVersion
from petition.recipients.queries import area_code
from petition.signatures.models import Signature, SignatureState
from petition.signatures.persons import opened_each

Spelled = tuple[str, int]
"""A text's language, and its version."""
DAY_END = len("2026-11-16")
AREAS = {
    "CA": re.compile(r"([A-Z][0-9][A-Z])[0-9][A-Z][0-9]$"),
    "GB": re.compile(r"([A-Z]{1,2})[0-9][0-9A-Z]?[0-9][A-Z]{2}$"),
    "US": re.compile(r"([0-9]{3})[0-9]{2}(?:[0-9]{4})?$"),
}
"""What of a postcode is its area: in Canada some thousand, in the others a few hundred or fewer."""


class PackRows:
    """The signatures of a delivery that count, as one connection sees them, each time the same."""

    def __init__(self, connection: Connection, delivery: Delivery, tier: Tier) -> None:
        self._connection, self._statement = connection, _statement(delivery)
        self.has_names = tier is not Tier.COUNTS
        self._has_areas = delivery.petition.routes_by_area
        self.read = 0
        """How many were read so far, each as often as it was."""
        self.unreadable = 0
        """How many had nobody's name at the last reading, because their seals do not open."""
        self.areas = Counter[str]()
        """How many signed from each area at the last reading, where the petition asks for one."""
        self.held = array("q")
        """The numbers of the signatures at the last reading, in their order."""
        self._spelled: dict[int, Spelled] = {}
        self.texts = self._texts()

    def records(self) -> Iterator[Record]:
        """Yield them by the order in which they were signed, numbered from 1."""
        number, self.unreadable, self.held = 0, 0, array("q")
        self.areas.clear()
        for batch in batches_on(self._connection, self._statement):
            for row, name in zip(batch, self._names(batch), strict=True):
                number, self.read = number + 1, self.read + 1
                country, text_id, day, signature = row[3:]
                self.held.append(signature)
                language, version = self._spelled[text_id]
                yield Record(number, country, language, version, _week(day), name)

    def _names(self, batch: Sequence[Any]) -> Iterator[str | None]:
        """Yield whose each is; where neither names nor areas are asked for, no seal is opened."""
        if not self.has_names and not self._has_areas:
            yield from (None for _row in batch)
            return
        for row, fields in zip(batch, opened_each(row[:3] for row in batch), strict=True):
            if not fields:
                self.unreadable += 1
            if self._has_areas:
                self.areas[area_of(row[3], fields.get("postcode") or "")] += 1
            yield fields.get("name") if self.has_names else None

    def _texts(self) -> tuple[SignedText, ...]:
        signed = self._statement.with_only_columns(Signature.text_id).order_by(None).distinct()
        statement = (
            select(PetitionText, PetitionVersion.number)
            .join(PetitionVersion, PetitionVersion.id == PetitionText.version_id)
            .where(PetitionText.id.in_(signed))
        )
        columns = PetitionText.__table__.c
        wanted = (columns.id, columns.language, PetitionVersion.number)
        words = (columns.title, columns.summary, columns.body)
        found = self._connection.execute(statement.with_only_columns(*wanted, *words)).all()
        self._spelled = {row[0]: (row[1], row[2]) for row in found}
        return tuple(SignedText(row[1], row[2], "\n\n".join(row[3:]) + "\n") for row in found)


def how_many(delivery: Delivery) -> int:
    """Return how many there will be, or nearly: they are counted before they are read."""
    counted = _statement(delivery).order_by(None).subquery()
    [row] = stream_rows(select(func.count()).select_from(counted))
    return int(row[0])


def there_are_some(delivery: Delivery) -> bool:
    """Whether a pack made now would have a signature in it."""
    return session.scalar(select(_statement(delivery).order_by(None).exists())) or False


def end_of_days(delivery: Delivery) -> datetime:
    """Return the moment from which on no confirmation is in a delivery."""
    return datetime.combine(delivery.counted_until + timedelta(days=1), time(), UTC)


def _statement(delivery: Delivery) -> Select[Any]:
    table = Signature.__table__.c
    return (
        select(
            table.person_key,
            table.person,
            table.supporter_tag,
            table.country,
            table.text_id,
            cast(table.confirmed_at, String),
            table.id,
        )
        .where(
            table.petition_id == delivery.petition_id,
            table.state == SignatureState.CONFIRMED,
            ~table.on_hold,
            table.confirmed_at < end_of_days(delivery),
        )
        .order_by(table.id)
    )


def area_of(country: str, postcode: str) -> str:
    """Return where a postcode is, so far as an official may know it: `GB SW`, `CA K1A`, `US 205`.

    Of others, and of what is none, the country alone.
    """
    found = AREAS[country].match(area_code(postcode)) if country in AREAS else None
    return f"{country} {found[1]}" if found else country


@lru_cache(maxsize=10_000)
def _week(confirmed_at: str) -> str:
    """Return the week of a moment in UTC, as both databases write it."""
    return week_of(datetime.fromisoformat(confirmed_at[:DAY_END]).replace(tzinfo=UTC))
