"""Tables: offices that can act, their holders and their areas. An office outlives its holder."""

import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from petition.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, words_for
from petition.core.storage.columns import Country, Id, Slug, UtcDateTime, big_id, enum_of
from petition.core.storage.database import Base

VERIFIED_FOR = datetime.timedelta(days=30)
"""How long what is noted about an office is trusted after somebody has looked."""
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As `date.weekday` counts."""


class Channel(StrEnum):
    """A way in which an office takes letters."""

    EMAIL = "email"
    FORM = "form"
    POST = "post"
    REPRESENTATIVE = "representative"
    """Through the supporter's own representative."""


class Paper(StrEnum):
    """The size of paper that is used where the recipient is."""

    A4 = "a4"
    LETTER = "letter"


class Recipient(Base):
    """An office of one jurisdiction, with its title in each language."""

    __tablename__ = "recipient"

    id: Mapped[Id]
    slug: Mapped[Slug] = mapped_column(unique=True)
    campaign_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("campaign.id"))
    """Whose folder named it first; None where it came in a table, and no folder has named it."""
    jurisdiction: Mapped[str] = mapped_column(String(2))
    """"US", "CA", "GB" or "EU"."""
    office: Mapped[dict[str, str]] = mapped_column(JSON)
    email: Mapped[str | None] = mapped_column(String(254))
    languages: Mapped[list[Any]] = mapped_column(JSON, default=list)
    holders: Mapped[list["Holder"]] = relationship(
        cascade="all, delete-orphan", order_by="Holder.id"
    )
    areas: Mapped[list["Area"]] = relationship(cascade="all, delete-orphan")
    """Whose representative it is; none for an office of a government."""
    mailroom: Mapped["Mailroom | None"] = relationship(
        back_populates="recipient", cascade="all, delete-orphan"
    )
    """How it takes letters; none where it takes none."""

    @property
    def holder(self) -> str | None:
        """Who holds the office now, where it is noted."""
        present = [holder.name for holder in self.holders if holder.until is None]
        return present[-1] if present else None

    @property
    def language(self) -> str:
        """The first of its languages that we speak, whatever their regions; English if none."""
        spoken = (str(one).partition("-")[0] for one in self.languages)
        return next((one for one in spoken if one in LANGUAGES), DEFAULT_LANGUAGE)

    def office_in(self, language: str) -> str:
        """Return the office's title for somebody who reads `language`."""
        return words_for(language, self.office)


class Mailroom(Base):
    """How one office takes letters: by which ways, when, and how they are laid out."""

    __tablename__ = "mailroom"
    __table_args__ = (
        CheckConstraint("hours_from < hours_until", name="opens_before_it_closes"),
        CheckConstraint("hourly_cap > 0", name="takes_some_letters"),
        CheckConstraint(
            "(verified_on IS NULL) = (verified_source IS NULL)", name="verified_by_a_source"
        ),
    )

    recipient_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("recipient.id", ondelete="CASCADE"), primary_key=True
    )
    channels: Mapped[list[str]] = mapped_column(JSON)
    """The ways by which it takes letters, the one that it prefers first."""
    salutation: Mapped[dict[str, str]] = mapped_column(JSON)
    """How a letter begins, by language; stored as written, never derived from a gender."""
    close: Mapped[dict[str, str]] = mapped_column(JSON)
    """How a letter ends, by language."""
    form_url: Mapped[str | None] = mapped_column(String(500))
    address: Mapped[str | None] = mapped_column(Text)
    """The address block, line by line, the office first."""
    country: Mapped[Country]
    """Where it is, which says how a letter to it is laid out; for the EU's offices, Belgium."""
    paper: Mapped[Paper] = mapped_column(enum_of(Paper, "paper"))
    constituents_only: Mapped[bool]
    """Whether it answers only people of its own area, who have to give their full address."""
    zone_name: Mapped[str] = mapped_column(String(64))
    days: Mapped[list[str]] = mapped_column(JSON)
    """Its working days, such as "mon"."""
    hours_from: Mapped[int]
    hours_until: Mapped[int]
    """Letters leave on its working days between these hours of its own clock."""
    hourly_cap: Mapped[int]
    """How many letters it may get from us in an hour."""
    verified_on: Mapped[datetime.date | None] = mapped_column(Date)
    verified_source: Mapped[str | None] = mapped_column(String(500))
    suspect_since: Mapped[UtcDateTime | None]
    """When a letter to it bounced; nothing more is sent until somebody has looked."""
    recipient: Mapped[Recipient] = relationship(back_populates="mailroom")

    def takes(self, channel: Channel) -> bool:
        """Whether letters can go to it this way."""
        return channel in self.channels

    def is_open(self, at: datetime.datetime) -> bool:
        """Whether it is a working hour there."""
        local = at.astimezone(ZoneInfo(self.zone_name))
        works = WEEK[local.weekday()] in self.days
        return works and self.hours_from <= local.hour < self.hours_until

    def next_hour(self, at: datetime.datetime) -> datetime.datetime:
        """Return when the hour ends there, which may be its last one of work."""
        local = at.astimezone(ZoneInfo(self.zone_name))
        into = datetime.timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        return at - into + datetime.timedelta(hours=1)

    def trust(self) -> None:
        """Note that somebody has looked why a letter came back, and more may be sent."""
        self.suspect_since = None

    def is_stale(self, today: datetime.date) -> bool:
        """Whether nobody has looked for 30 days if what is noted about it is still so."""
        return self.verified_on is None or today - self.verified_on > VERIFIED_FOR


class Holder(Base):
    """Somebody who holds or held an office, from one day until another."""

    __tablename__ = "holder"
    __table_args__ = (
        CheckConstraint('"until" >= since', name="ends_after_start"),
        Index(
            "ix_holder_present",
            "recipient_id",
            unique=True,
            postgresql_where=text('"until" IS NULL'),
            sqlite_where=text('"until" IS NULL'),
        ),
    )

    id: Mapped[Id]
    recipient_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("recipient.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime.date | None] = mapped_column(Date)
    until: Mapped[datetime.date | None] = mapped_column(Date)


class Area(Base):
    """Where a representative's people live: the beginning of their postcodes, or a code."""

    __tablename__ = "recipient_area"
    __table_args__ = (Index("ix_recipient_area_prefix", "country", "prefix"),)

    recipient_id: Mapped[int] = mapped_column(
        big_id, ForeignKey("recipient.id", ondelete="CASCADE"), primary_key=True
    )
    country: Mapped[Country] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(12), primary_key=True)
    """Capitals and digits without spaces; empty for a whole country."""
