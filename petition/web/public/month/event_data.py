"""Events for machines that read pages: schema.org/Event as JSON-LD."""

from typing import Any

from petition.campaigns.events import Event, EventState
from petition.web.public.month.event_page import event_url
from petition.web.site.languages import present_language
from petition.web.site.settings import settings

STATUS = {
    EventState.PLANNED: "https://schema.org/EventScheduled",
    EventState.MOVED: "https://schema.org/EventRescheduled",
    EventState.CANCELLED: "https://schema.org/EventCancelled",
}


def _where(event: Event, page: str) -> dict[str, Any]:
    place = event.place_in(present_language())
    if place is None:
        return {
            "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": event.registration_url or page},
        }
    return {
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": place, "address": place},
    }


def schema_of(event: Event) -> dict[str, Any]:
    """Return the event as schema.org describes one."""
    text = event.text_in(present_language())
    page = settings().url + event_url(event)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": text.title,
        "description": text.summary,
        "startDate": event.starts_at.astimezone(event.zone).isoformat(),
        "endDate": event.ends_at.astimezone(event.zone).isoformat(),
        "eventStatus": STATUS[event.state],
        **_where(event, page),
        "organizer": [{"@type": "Organization", "name": n} for n in (event.host, *event.co_hosts)],
        "inLanguage": event.languages,
        "isAccessibleForFree": True,
        "url": page,
    }
    if event.moved_from is not None:
        found["previousStartDate"] = event.moved_from.astimezone(event.zone).isoformat()
    return found
