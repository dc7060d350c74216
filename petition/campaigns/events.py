"""Tables: the events of a campaign. An event is an instant and the zone of whoever holds it."""

import datetime
from enum import StrEnum
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from petition.core.i18n import Translated, words_for
from petition.core.storage.columns import (
    Id,
    Language,
    LongText,
    Slug,
    UtcDateTime,
    big_id,
    enum_of,
)
from petition.core.storage.database import Base, session
from petition.gaps.models import Gap


class EventState(StrEnum):
    """Whether an event takes place as it was announced."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Event(Translated, Base):
    """A panel, a launch, a vigil: something that takes place at an instant."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(state = 'moved') = (moved_from IS NOT NULL)", name="moved_from_somewhen"),
        Index("ix_event_uid", "uid", unique=True),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(big_id, ForeignKey("campaign.id", ondelete="CASCADE"))
    slug: Mapped[Slug] = mapped_column(unique=True)
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()))
    """What calendars know it by, the same for ever (UID, RFC 7986 5.3)."""
    gap_id: Mapped[int | None] = mapped_column(big_id, ForeignKey("gap.id"))
    state: Mapped[EventState] = mapped_column(enum_of(EventState, "event_state"))
    starts_at: Mapped[UtcDateTime]
    ends_at: Mapped[UtcDateTime]
    moved_from: Mapped[UtcDateTime | None]
    """When it was to begin before it was moved."""
    zone_name: Mapped[str] = mapped_column(String(64))
    """The IANA zone whose clock the organisers had in mind."""
    sequence: Mapped[int] = mapped_column(default=0)
    """How often calendars have to be told of a change (SEQUENCE, RFC 5545 3.8.7.4)."""
    changed_at: Mapped[UtcDateTime]
    place: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Where one can go, by language; empty where it is online alone."""
    host: Mapped[str] = mapped_column(String(200))
    co_hosts: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    captions: Mapped[bool]
    registration_url: Mapped[str | None] = mapped_column(String(500))
    join_url: Mapped[str | None] = mapped_column(String(500))
    """For those who have registered: in no page and no public feed."""
    recording_url: Mapped[str | None] = mapped_column(String(500))
    transcript_url: Mapped[str | None] = mapped_column(String(500))
    gap: Mapped[Gap | None] = relationship()
    texts: Mapped[list["EventText"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="EventText.id"
    )
    panellists: Mapped[list["Panellist"]] = relationship(
        cascade="all, delete-orphan", order_by="Panellist.position"
    )

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the event."""
        return ZoneInfo(self.zone_name)

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.state == EventState.CANCELLED

    def is_past(self, at: datetime.datetime) -> bool:
        """Whether it is over."""
        return self.ends_at <= at

    def is_on(self, at: datetime.datetime) -> bool:
        """Whether it is going on."""
        return self.starts_at <= at < self.ends_at and not self.is_cancelled

    def place_in(self, language: str) -> str | None:
        """Return where it takes place, in `language` or else another; None where it is online."""
        return words_for(language, self.place) or None


class EventText(Base):
    """What an event says of itself in one language."""

    __tablename__ = "event_text"
    __table_args__ = (
        UniqueConstraint("event_id", "language", name="one_event_text_for_each_language"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(big_id, ForeignKey("event.id", ondelete="CASCADE"))
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(600))
    body: Mapped[LongText]
    key_points: Mapped[LongText]
    """What was said, in Markdown; empty until somebody has written it down."""
    event: Mapped[Event] = relationship(back_populates="texts")


class Panellist(Base):
    """Somebody who speaks at an event, under their name or another."""

    __tablename__ = "panellist"
    __table_args__ = (
        UniqueConstraint("event_id", "position", name="panellists_have_their_places"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(big_id, ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[dict[str, str]] = mapped_column(JSON)
    is_pseudonym: Mapped[bool]


_whole = (selectinload(Event.texts), selectinload(Event.panellists), selectinload(Event.gap))


def events_of(campaign_id: int) -> list[Event]:
    """Return the events of a campaign, the earliest first."""
    statement = select(Event).where(Event.campaign_id == campaign_id).options(*_whole)
    return list(session.scalars(statement.order_by(Event.starts_at, Event.id)))


def event_by_slug(slug: str) -> Event | None:
    """Return an event with everything that its page shows."""
    return session.scalar(select(Event).where(Event.slug == slug).options(*_whole))


def events_about(gap_id: int) -> list[Event]:
    """Return the events about a gap, the earliest first."""
    statement = select(Event).where(Event.gap_id == gap_id).options(*_whole)
    return list(session.scalars(statement.order_by(Event.starts_at, Event.id)))
