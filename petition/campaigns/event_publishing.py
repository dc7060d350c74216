"""Publishing events; what calendars have to be told of counts their sequence up."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from petition.campaigns.event_drafts import EventDraft
from petition.campaigns.events import Event, EventText, Panellist
from petition.campaigns.models import Campaign
from petition.core.drafts.kinds import instant, zone_named
from petition.core.storage.database import session
from petition.core.storage.merging import bring_in_line, bring_texts_in_line, set_changed
from petition.gaps.models import Gap


def publish(draft: EventDraft, campaign: Campaign, gaps: Mapping[str, Gap], at: datetime) -> Event:
    """Bring an event in line with its draft, which has passed its checks."""
    event = session.scalar(select(Event).where(Event.slug == draft.slug))
    before = _told(event) if event else None
    if event is None:
        event = Event(slug=draft.slug, campaign_id=campaign.id, sequence=0, changed_at=at)
        session.add(event)
    set_changed(event, {"gap": gaps[draft.gap] if draft.gap else None, **_values(draft)})
    session.flush()
    bring_texts_in_line(event.texts, draft.text, EventText)
    _set_panellists(event, draft)
    if before is not None and before != _told(event):
        event.changed_at = at
        event.sequence += 1
    session.flush()
    return event


def _values(draft: EventDraft) -> dict[str, object]:
    zone = zone_named(draft.zone)
    return {
        "state": draft.state,
        "starts_at": instant(draft.starts_at, zone),
        "ends_at": instant(draft.ends_at, zone),
        "moved_from": instant(draft.moved_from, zone) if draft.moved_from else None,
        "zone_name": draft.zone,
        "place": dict(draft.place),
        "host": draft.host,
        "co_hosts": list(draft.co_hosts),
        "languages": list(draft.languages),
        "captions": draft.captions,
        "registration_url": draft.registration_url,
        "join_url": draft.join_url,
        "recording_url": draft.recording_url,
        "transcript_url": draft.transcript_url,
    }


def _set_panellists(event: Event, draft: EventDraft) -> None:
    bring_in_line(
        event.panellists,
        {
            position: {
                "position": position,
                "name": one.name,
                "role": dict(one.role),
                "is_pseudonym": one.is_pseudonym,
            }
            for position, one in enumerate(draft.panellists)
        },
        lambda panellist: panellist.position,
        Panellist,
    )


def _told(event: Event) -> tuple[object, ...]:
    """Return what a calendar shows of an event."""
    titles = sorted((text.language, text.title, text.summary) for text in event.texts)
    when = (event.starts_at, event.ends_at, event.zone_name, event.state)
    return (*when, event.place, event.host, titles)
