"""Which hosts hold which keys, as each of them says once a minute.

Hosts share the database alone, and each has its own copy of the key file. A key may seal only
once every host holds it, and may go only once none seals under it any more.
"""

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, delete, inspect, select, update
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.keyring.keys import Keys, KeysUnreadable
from petition.core.keyring.sealing import key_file, keys, tag
from petition.core.storage.columns import KeyId, UtcDateTime
from petition.core.storage.database import Base, insert_into, session

ANNOUNCE_SECONDS = 60.0
OLDER = (
    "keys.json is an older copy: the database knows of a newer key, and what was sealed under that "
    "does not open. Put the newest copy back."
)
REPLACED = (
    "keys.json is an older copy: it would sign deliveries under a key that was replaced. Put the "
    "newest copy back."
)
HEARD_OF_FOR = timedelta(hours=1)
"""How long a host counts that has fallen silent: a process of it may be slow, and still seal."""


class KeyHolder(Base):
    """A copy of the key file, and what its host has last said about it. It holds no key."""

    __tablename__ = "key_holder"

    place: Mapped[str] = mapped_column(String(32), primary_key=True)
    """A keyed tag of the host and its instance folder: processes that share a file share it."""
    host: Mapped[str] = mapped_column(String(80))
    """What the host calls itself, for whoever has to copy a file to it."""
    key_ids: Mapped[str] = mapped_column(String(1_000))
    """The keys that it can open with, and the one it signs with, by a blank between them."""
    current: Mapped[KeyId]
    """The key under which it seals."""
    said_at: Mapped[UtcDateTime]


@dataclass(frozen=True, slots=True)
class Holder:
    """Another host and its keys."""

    host: str
    key_ids: frozenset[str]
    current: str


def place() -> str:
    """Return by what this host's key file is told from the copies of others."""
    folder = key_file().path.parent.stat()
    return tag("key holder", f"{platform.node()}:{folder.st_dev}:{folder.st_ino}").hex()[:32]


def announce(at: datetime) -> None:
    """Say which keys this host holds. No commit."""
    ring = keys(fresh=True)
    row = {
        "place": place(),
        "host": platform.node()[:80],
        "key_ids": " ".join(sorted(ring.ids)),
        "current": ring.current,
        "said_at": at,
    }
    said = insert_into(KeyHolder).values(row)
    news = {name: row[name] for name in row if name != "place"}
    session.execute(said.on_conflict_do_update(index_elements=["place"], set_=news))
    session.execute(delete(KeyHolder).where(KeyHolder.said_at < at - HEARD_OF_FOR))
    ahead = update(KeyHolder).where(KeyHolder.said_at > at + HEARD_OF_FOR)
    session.execute(ahead.values(said_at=at))  # said before the clock went back


def require_newest_keys(connection: Connection) -> None:
    """See that the file is no copy from before a change of keys that the database knows of.

    Under an older copy nothing opens that was sealed since, and what it seals opens with no other,
    or deliveries are signed under a key that somebody else may have.
    Silent hosts count too: an install may have been down for long. Raises KeysUnreadable.
    """
    key_file().older = None
    if not inspect(connection).has_table(KeyHolder.__tablename__):
        return
    said = connection.execute(select(KeyHolder.place, KeyHolder.key_ids, KeyHolder.current)).all()
    ring = keys(fresh=True)  # read after the rows: a change writes the file first
    for whose, key_ids, current in said:
        held = key_ids.split()
        is_behind = whose == place() or ring.current not in held
        if current not in ring.sealing or (current == ring.ready and is_behind):
            key_file().older = OLDER
        elif not ring.delivery.knows_all(held):
            key_file().older = REPLACED
        if key_file().older:
            raise KeysUnreadable(key_file().older)


def others(at: datetime) -> list[Holder]:
    """Return the other hosts that were heard of within the hour, with their keys."""
    found = session.scalars(
        select(KeyHolder)
        .where(KeyHolder.said_at >= at - HEARD_OF_FOR, KeyHolder.place != place())
        .order_by(KeyHolder.host)
    )
    return [Holder(one.host, frozenset(one.key_ids.split()), one.current) for one in found]


def named(holders: Iterable[Holder]) -> str:
    """Return the hosts by their names."""
    return ", ".join(sorted({holder.host for holder in holders}))


def differing(ring: Keys, holders: Iterable[Holder]) -> list[Holder]:
    """Return the hosts whose key file is not the same as ours."""
    mine = ring.ids
    return [one for one in holders if one.key_ids != mine or one.current != ring.current]
