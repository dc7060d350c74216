"""Load one event; what calendars have to be told of counts its sequence up."""

from datetime import datetime

from sqlalchemy import select

from petition.campaigns.events import Event, EventState, EventText, Panellist
from petition.campaigns.models import Campaign
from petition.core.folder import Document
from petition.core.storage.database import session
from petition.gaps.loading import gap_named
from petition.gaps.models import Gap


def load_event(document: Document, campaign: Campaign, gaps: dict[str, Gap], at: datetime) -> Event:
    """Bring an event in line with its file. Raises CampaignFolderError."""
    slug = document.slug()
    event = session.scalar(select(Event).where(Event.slug == slug))
    document.own(slug, event.campaign_id if event else None, campaign.id)
    before = _told(event) if event else None
    event = event or Event(slug=slug, sequence=0, changed_at=at)
    event.campaign_id = campaign.id
    event.gap = gap_named(document, document.get("gap", str), gaps)
    _set_times(event, document)
    _set_particulars(event, document)
    session.add(event)
    session.flush()
    event.texts, event.panellists = [], []
    session.flush()
    event.texts = [_text(language, text) for language, text in document.texts()]
    event.panellists = [
        Panellist(
            position=position,
            name=table.text("name"),
            role=table.by_language("role"),
            is_pseudonym=table.get("is_pseudonym", bool) or False,
        )
        for position, table in enumerate(document.tables("panellist"))
    ]
    session.flush()
    if before is not None and before != _told(event):
        event.changed_at = at
        event.sequence += 1
    session.flush()
    return event


def _set_times(event: Event, document: Document) -> None:
    zone = document.zone("zone")
    event.zone_name = zone.key
    event.starts_at = document.instant("starts_at", zone)
    event.ends_at = document.instant("ends_at", zone)
    if event.ends_at <= event.starts_at:
        raise document.mistake("“ends_at” has to lie after “starts_at”.")
    event.state = document.choice("state", EventState)
    moved = "moved_from" in document.values
    if moved != (event.state == EventState.MOVED):
        raise document.mistake("“moved_from” and the state “moved” go together.")
    event.moved_from = document.instant("moved_from", zone) if moved else None


def _set_particulars(event: Event, document: Document) -> None:
    event.host = document.text("host")
    event.co_hosts = document.strings("co_hosts")
    event.languages = [document.language(code) for code in document.strings("languages")]
    event.captions = document.get("captions", bool) or False
    event.registration_url = document.address("registration_url")
    event.join_url = document.address("join_url")
    event.recording_url = document.address("recording_url")
    event.transcript_url = document.address("transcript_url")


def _text(language: str, text: Document) -> EventText:
    return EventText(
        language=language,
        title=text.text("title"),
        summary=text.text("summary", most=600),
        body=text.beside("body") if "body" in text.values else "",
        key_points=text.beside("key_points") if "key_points" in text.values else "",
    )


def _told(event: Event) -> tuple[object, ...]:
    """Return what a calendar shows of an event."""
    titles = sorted((text.language, text.title, text.summary) for text in event.texts)
    return (event.starts_at, event.ends_at, event.zone_name, event.state, event.host, titles)
