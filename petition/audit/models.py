"""Tables: the entries of the log, and where it ends.

No entry is ever changed or deleted: the database refuses it, but for a seal that is made anew when
keys change. They are kept as long as the install. So an entry holds nothing that somebody could ask
us to erase: of a supporter it knows the number of a signature or letter at most, and that only
where something was decided about it; words about persons stay where erasing reaches them.

The time is exact and outside the seal: it is an organiser's, and what an auditor compares.
"""

import json
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.keyring.sealing import Sealed, unseal
from petition.core.storage.columns import Box, Digest, KeyId, UtcDateTime, big_id, enum_of
from petition.core.storage.database import Base

About = Mapping[str, str | int]


class Actor(StrEnum):
    """Who acts."""

    ORGANISER = "organiser"
    SOMEBODY = "somebody"
    """Who is not logged in; the organiser noted is the one whose login they tried."""
    TERMINAL = "terminal"
    """Whoever runs the install."""
    ITSELF = "itself"
    """The program, without anybody's asking."""


class AuditEntry(Base):
    """One thing that was done or looked at."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("(about IS NULL) = (about_key IS NULL)", name="about_has_its_key"),
        CheckConstraint(
            "(actor <> 'organiser' OR organiser_id IS NOT NULL) "
            "AND (actor NOT IN ('terminal', 'itself') OR organiser_id IS NULL)",
            name="organisers_act_by_number",
        ),
        Index("ix_audit_entry_at", "at", "number"),
        Index("ix_audit_entry_organiser", "organiser_id", "at", "number"),
        Index("ix_audit_entry_act", "act", "at", "number"),
    )

    number: Mapped[int] = mapped_column(big_id, primary_key=True, autoincrement=False)
    """Counts on from 1, without a gap."""
    at: Mapped[UtcDateTime]
    act: Mapped[str] = mapped_column(String(40))
    """An `Act`, or one that only a newer version knows."""
    actor: Mapped[Actor] = mapped_column(enum_of(Actor, "audit_actor"))
    organiser_id: Mapped[int | None] = mapped_column(big_id)
    """No foreign key: an entry outlives what it is about."""
    about: Mapped[Box | None]
    """What it was done to, sealed: it may name an organiser."""
    about_key: Mapped[KeyId | None]
    content_tag: Mapped[Digest]
    """Keyed, over everything above as it was before it was sealed."""
    chain_tag: Mapped[Digest]
    """Keyed, over the content's tag and the chain tag of the entry before."""

    def opened(self) -> About:
        """Return what it was done to, in the clear. Raises SealBroken."""
        if self.about is None or self.about_key is None:
            return {}
        sealed = Sealed(self.about_key, self.about)
        return dict(json.loads(unseal(sealed, about_context(self.number))))


class AuditHead(Base):
    """The one row that says where the log ends, so that an end cut off is missed."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(big_id)
    chain_tag: Mapped[Digest]
    head_tag: Mapped[Digest]
    """Keyed, over both: nobody without the keys can move the end."""


def about_context(number: int) -> str:
    """Return the context to which the words of an entry are bound."""
    return f"audit:{number}"


def _context(entry: AuditEntry) -> str:
    return about_context(entry.number)


SEALED_COLUMNS = ((AuditEntry, "about", "about_key", _context),)
