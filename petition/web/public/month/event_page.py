"""What pages and calendars show of an event."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from flask import url_for
from flask_babel import gettext as _

from petition.campaigns.events import Event, EventState
from petition.core.clock import now
from petition.core.i18n import text_direction, writing_locale
from petition.web.site.languages import present_language

CAPITALS = (
    ("America/New_York", lambda: _("Washington")),
    ("America/Toronto", lambda: _("Ottawa")),
    ("Europe/London", lambda: _("London")),
    ("Europe/Brussels", lambda: _("Brussels")),
)
"""Where the four jurisdictions decide. Ottawa keeps the time of Toronto."""


@dataclass(frozen=True, slots=True)
class LocalTime:
    """When an event begins, on one clock."""

    place: str
    day: str
    clock: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as an entry in a list."""

    title: str
    summary: str
    lang: str
    dir: str
    url: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    day: str
    clock: str
    ends_clock: str
    place: str
    """Whose clock it is."""
    where: str | None
    """Where one can go; None where it is online."""
    host: str
    state: EventState
    is_past: bool
    is_on: bool


def event_line(event: Event) -> EventLine:
    """Return the entry of an event, its time on the clock of its own zone."""
    text = event.text_in(present_language())
    local = event.starts_at.astimezone(event.zone)
    return EventLine(
        title=text.title,
        summary=text.summary,
        lang=text.language,
        dir=text_direction(text.language),
        url=event_url(event),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        day=format_date(local.date(), "full", locale=_locale()),
        clock=span(event, event.zone),
        ends_clock=_clock(event.ends_at.astimezone(event.zone)),
        place=zone_place(event.zone_name),
        where=event.place_in(present_language()),
        host=event.host,
        state=event.state,
        is_past=event.is_past(now()),
        is_on=event.is_on(now()),
    )


def event_url(event: Event) -> str:
    """Return the address of an event's page."""
    return url_for("public.month.events.show", lang=present_language(), slug=event.slug)


def times_in_capitals(event: Event) -> list[LocalTime]:
    """Return when the event begins in the four capitals, each on its own clock and day."""
    return [local_time(event.starts_at, ZoneInfo(zone), name()) for zone, name in CAPITALS]


def local_time(instant: datetime.datetime, zone: ZoneInfo, place: str) -> LocalTime:
    """Return an instant as the clock and calendar of a place have it."""
    local = instant.astimezone(zone)
    return LocalTime(
        place=place,
        day=format_date(local.date(), "EEE d MMM", locale=_locale()),
        clock=_clock(local),
    )


def span(event: Event, zone: ZoneInfo) -> str:
    """Return from when to when the event lasts, on the clock of `zone`."""
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    return f"{_clock(starts)}–{_clock(ends)}"


def was_to_begin(event: Event) -> str:
    """Return when an event that was moved was to begin, on the clock of its own zone."""
    assert event.moved_from is not None
    local = event.moved_from.astimezone(event.zone)
    return _(
        "It was to begin on %(day)s at %(clock)s (%(place)s time).",
        day=format_date(local.date(), "long", locale=_locale()),
        clock=_clock(local),
        place=zone_place(event.zone_name),
    )


def zone_place(zone_name: str) -> str:
    """Return the place whose time it is, in words."""
    known = dict(CAPITALS).get(zone_name)
    return known() if known else zone_name.rpartition("/")[2].replace("_", " ")


def language_names(codes: list[str]) -> list[str]:
    """Return the names of languages, in the reader's."""
    names = Locale.parse(present_language()).languages
    return [str(names.get(code, code)) for code in codes]


def _clock(local: datetime.datetime) -> str:
    return str(format_time(local.time(), "short", locale=_locale()))


def _locale() -> Locale:
    return writing_locale(present_language())
