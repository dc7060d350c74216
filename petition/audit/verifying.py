"""Walking through the whole log, to see that nobody has changed, taken out or moved an entry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from petition.audit.acts import Act
from petition.audit.chain import NOTHING, Content, chain_tag, head_tag
from petition.audit.models import AuditEntry, AuditHead, about_context
from petition.core.keyring.sealing import SealBroken, Sealed, unseal
from petition.core.storage.database import rows_of, session
from petition.core.storage.long_reads import stream_rows


class Mark(NamedTuple):
    """A place in the log to write down: later the log must still hold it."""

    number: int
    chain_tag: bytes

    @classmethod
    def read(cls, text: str) -> "Mark":
        """Return the mark that `str` wrote. Raises ValueError."""
        number, _, tag = text.strip().partition("-")
        return cls(int(number), bytes.fromhex(tag))

    def __str__(self) -> str:
        return f"{self.number}-{self.chain_tag.hex()}"


class Break(NamedTuple):
    """Where the log is not as we wrote it, and in which way."""

    number: int
    what: str


@dataclass(slots=True)
class Verified:
    """What a walk through the log has found."""

    entries: int = 0
    begun_at: datetime | None = None
    end: Mark = field(default_factory=lambda: Mark(0, NOTHING))
    breaks: int = 0
    first_break: Break | None = None

    def note(self, number: int, what: str) -> None:
        """Note a break."""
        self.breaks += 1
        self.first_break = self.first_break or Break(number, what)


def verify(written_down: Iterable[Mark] = ()) -> Verified:
    """Walk through the log in constant memory, and see that it still holds what was written down.

    What is added meanwhile does no harm.
    """
    head, found = session.get(AuditHead, 1, populate_existing=True), Verified()
    session.remove()
    asked = {mark.number: mark.chain_tag for mark in written_down}
    if head is not None and compare_digest(head.head_tag, head_tag(head.number, head.chain_tag)):
        asked.setdefault(head.number, head.chain_tag)
    for row in _entries():
        _look_at(row, found)
        tag = asked.pop(row.number, row.chain_tag)
        if not compare_digest(tag, row.chain_tag):
            found.note(row.number, "is not the one that was written down")
        found.entries += 1
        found.begun_at = found.begun_at or row.at
        found.end = Mark(row.number, row.chain_tag)
    asked.pop(0, None)
    _look_at_end(head, asked, found)
    return found


def is_end_whole() -> bool:
    """Whether the log ends where we wrote that it does; a look at two rows."""
    beyond = select(func.max(AuditEntry.number)).scalar_subquery()
    found = session.execute(
        select(AuditHead.number, AuditHead.chain_tag, AuditHead.head_tag, beyond).join(
            AuditEntry,
            (AuditEntry.number == AuditHead.number) & (AuditEntry.chain_tag == AuditHead.chain_tag),
        )
    ).one_or_none()
    if found is None:
        return False
    number, end, tagged, last = found
    return bool(last == number and compare_digest(tagged, head_tag(number, end)))


def _entries() -> Iterator[Row[Any]]:
    table = rows_of(AuditEntry)
    return stream_rows(select(table).order_by(table.c.number))


def _look_at(row: Row[Any], found: Verified) -> None:
    expected = found.end.number + 1
    if row.number != expected:
        found.note(expected, "is missing")
    try:
        content = _content_of(row).tag
    except SealBroken:
        found.note(row.number, "cannot be opened")
        content = row.content_tag
    if not compare_digest(content, row.content_tag):
        found.note(row.number, "was changed")
    elif not compare_digest(chain_tag(found.end.chain_tag, row.content_tag), row.chain_tag):
        found.note(row.number, "does not follow the one before it")
    if row.act == Act.LOG_CHANGED:
        found.note(row.number, "says that the log before it was changed from outside")


def _content_of(row: Row[Any]) -> Content:
    about = None
    if row.about is not None:
        sealed = Sealed(row.about_key, row.about)
        about = unseal(sealed, about_context(row.number)).decode("utf-8", "replace")
    return Content(row.number, row.at, row.act, row.actor, row.organiser_id, about)


def _look_at_end(head: AuditHead | None, missed: dict[int, bytes], found: Verified) -> None:
    if head is None or head.head_tag != head_tag(head.number, head.chain_tag):
        found.note(found.end.number + 1, "may be missing: where the log ends was changed")
    for number in sorted(missed):
        found.note(number, "is missing, and what came with it")
