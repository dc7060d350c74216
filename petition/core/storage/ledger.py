"""Ledgers: numbers kept in batches behind the rows that they count.

Every change of a number is an entry, written in the transaction that causes it. The worker takes
entries out and adds them up in one transaction. There is no watermark that a late commit could
slip under: an entry is in a total or still in its table, never both, never neither.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Subquery, delete, func, insert, literal, select, union_all

from petition.core.storage.database import Base, advisory_lock, insert_into, rows_of, session
from petition.core.storage.long_reads import stream_rows

LOCK = 7_411_001
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Drift:
    """A total that differs from the rows."""

    of: str
    """What it counts, in words."""
    total: int
    rows: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """Entries of changes, and the totals to which they are added.

    The primary key of a table of totals says what each counts: columns that the entries have too.
    """

    entries: type[Base]
    totals: tuple[type[Base], ...]
    counted: Callable[[type[Base]], Select[*tuple[Any, ...]]]
    """Counts the rows anew for one of these tables: the key of a total, and how many."""
    named: str
    """A total of that table in words, with a place for each column of its key."""

    def take_in(self, *, most: int = BATCH) -> int:
        """Add up to `most` entries to the totals; return how many were taken."""
        if not advisory_lock(session(), LOCK):
            return 0
        entries = rows_of(self.entries)
        oldest = select(entries.c.id).order_by(entries.c.id).limit(most).cte("oldest")
        taken = session.execute(
            delete(entries).where(entries.c.id.in_(select(oldest.c.id))).returning(*entries.c)
        ).all()
        for totals in self.totals:
            _add(totals, taken)
        return len(taken)

    def entries_waiting(self) -> int:
        """Return how many changes have not been taken in yet."""
        return session.scalar(select(func.count()).select_from(self.entries)) or 0

    def up_to_now(self, totals: type[Base]) -> Subquery:
        """Return the totals of a table with the entries on their way, in one snapshot."""
        table, entries, key = rows_of(totals), rows_of(self.entries), key_of(totals)
        both = union_all(
            select(*(table.c[name] for name in key), table.c.count),
            select(*(entries.c[name] for name in key), entries.c.change),
        ).subquery()
        by = [both.c[name] for name in key]
        return select(*by, func.sum(both.c.count).label("count")).group_by(*by).subquery()

    def drifts(self) -> list[Drift]:
        """Compare the totals, entries on their way included, with the rows, in one snapshot.

        Each table is read once, however many totals there are, and however long that takes.
        """
        totals, rows = self.up_to_now(self.totals[0]), self.counted(self.totals[0]).subquery()
        both = union_all(
            select(*totals.c, literal(0).label("rows")),
            select(*list(rows.c)[:-1], literal(0), list(rows.c)[-1]),
        ).subquery()
        *key, total, counted = both.c
        sums = func.sum(total), func.sum(counted)
        compared = select(*key, *sums).group_by(*key).having(sums[0] != sums[1]).order_by(*key)
        return [
            Drift(self.named.format(*found), int(total), int(counted))
            for *found, total, counted in stream_rows(compared)
        ]

    def count_anew(self) -> None:
        """Make every total of the rows alone, where nothing changes them meanwhile."""
        session.execute(delete(rows_of(self.entries)))
        for totals in self.totals:
            table = rows_of(totals)
            session.execute(delete(table))
            columns = [*key_of(totals), "count"]
            session.execute(insert(table).from_select(columns, self.counted(totals)))


def key_of(totals: type[Base]) -> list[str]:
    """Return the columns that say what each total of a table counts."""
    return [column.name for column in rows_of(totals).primary_key]


def _add(totals: type[Base], entries: Sequence[Row[Any]]) -> None:
    table, key = rows_of(totals), key_of(totals)
    changes: Counter[tuple[Any, ...]] = Counter()
    for entry in entries:
        changes[tuple(entry._mapping[name] for name in key)] += entry.change
    for values, change in sorted(changes.items()):
        if change == 0:
            continue
        # A CHECK is applied to the row as proposed, before the conflict is seen: never below 0.
        proposed = dict(zip(key, values, strict=True)) | {"count": max(change, 0)}
        statement = insert_into(totals).values(proposed)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=key, set_={"count": table.c.count + change}
            )
        )
