"""Events as iCalendar (RFC 5545): instants in UTC, so that no calendar needs our zones.

A subscribed calendar knows an event by its UID, which never changes, and takes an entry with a
higher SEQUENCE for its newer version. The link to join is for those who registered: never here.
"""

from flask import url_for
from flask_babel import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from petition.campaigns.events import Event
from petition.web.site.settings import settings


def calendar(events: list[Event], language: str) -> str:
    """Return the calendar of these events, in the reader's language."""
    feed = Calendar()
    feed.add("prodid", f"-//{settings().site_name}//Petition//{language.upper()}")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", settings().site_name)
    feed.add("refresh-interval;value=duration", "PT6H")
    for event in events:
        feed.add_component(_entry(event, language))
    return bytes(feed.to_ical()).decode()


def _entry(event: Event, language: str) -> Entry:
    text = event.text_in(language)
    page = settings().url + url_for("public.month.events.show", lang=language, slug=event.slug)
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("dtstamp", event.changed_at)
    entry.add("last-modified", event.changed_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", text.title)
    entry.add("description", f"{text.summary}\n\n{page}")
    entry.add("location", event.place_in(language) or _("Online"))
    entry.add("url", page)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    return entry
