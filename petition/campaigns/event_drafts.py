"""An event as its organisers write it, and what keeps it from being published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from petition.campaigns.events import Event, EventState
from petition.core.drafts.kinds import (
    Body,
    ByLanguage,
    LanguageCode,
    Slug,
    Title,
    WebAddress,
    ZoneName,
    at_most,
    instant,
    is_on_clock,
    some_text,
    zone_named,
)
from petition.core.drafts.problems import Problem, in_fields
from petition.core.drafts.shapes import Markdown, listed, unset


@dataclass(frozen=True, slots=True)
class EventTextDraft:
    """What an event says of itself in one language."""

    title: Title
    summary: Annotated[str, at_most(600)]
    body: Body | None = None
    key_points: Body | None = None


@dataclass(frozen=True, slots=True)
class PanellistDraft:
    """Somebody who speaks at an event."""

    name: Title
    role: ByLanguage
    is_pseudonym: bool = False


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event. Its times are those of the clock of its zone, or have an offset of their own."""

    slug: Slug
    state: EventState
    starts_at: datetime
    ends_at: datetime
    zone: ZoneName
    host: Title
    text: Annotated[Mapping[LanguageCode, EventTextDraft], some_text]
    place: ByLanguage = unset()
    gap: str | None = None
    moved_from: datetime | None = None
    co_hosts: tuple[Title, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    captions: bool = False
    registration_url: WebAddress | None = None
    join_url: WebAddress | None = None
    recording_url: WebAddress | None = None
    transcript_url: WebAddress | None = None
    panellists: tuple[PanellistDraft, ...] = listed("panellist")


def check(draft: EventDraft) -> Iterator[Problem]:
    """Yield everything that is wrong with an event in itself."""
    yield from in_fields(draft)
    if (draft.moved_from is not None) != (draft.state == EventState.MOVED):
        cause = "“moved_from” and the state “moved” go together."
        key = "state" if draft.moved_from is None else "moved_from"
        yield Problem((key,), cause, (("state",), ("moved_from",)))
    zone = zone_named(draft.zone)
    if zone is None:
        return
    skipped = False
    for key in ("starts_at", "ends_at", "moved_from"):
        moment = getattr(draft, key)
        if moment is not None and (wrong := is_on_clock(moment, zone)):
            skipped = True
            yield Problem((key,), f"“{key}” {wrong}.")
    if not skipped and instant(draft.ends_at, zone) <= instant(draft.starts_at, zone):
        cause = "“ends_at” has to lie after “starts_at”."
        yield Problem(("ends_at",), cause, (("starts_at",), ("zone",)))


def draft_of(event: Event) -> EventDraft:
    """Return the draft from which an event could be published as it is."""
    return EventDraft(
        slug=event.slug,
        state=event.state,
        starts_at=_on_its_clock(event, event.starts_at),
        ends_at=_on_its_clock(event, event.ends_at),
        moved_from=_on_its_clock(event, event.moved_from) if event.moved_from else None,
        zone=event.zone_name,
        host=event.host,
        text={
            text.language: EventTextDraft(
                text.title, text.summary, _unless_empty(text.body), _unless_empty(text.key_points)
            )
            for text in event.texts
        },
        place=dict(event.place),
        gap=event.gap.slug if event.gap else None,
        co_hosts=tuple(event.co_hosts),
        languages=tuple(event.languages),
        captions=event.captions,
        registration_url=event.registration_url,
        join_url=event.join_url,
        recording_url=event.recording_url,
        transcript_url=event.transcript_url,
        panellists=tuple(
            PanellistDraft(one.name, one.role, one.is_pseudonym) for one in event.panellists
        ),
    )


def _unless_empty(text: str) -> Markdown | None:
    return Markdown(text) if text else None


def _on_its_clock(event: Event, moment: datetime) -> datetime:
    """Return a moment as the clock shows it; with its offset in an hour that comes twice."""
    shown = moment.astimezone(event.zone)
    plain = shown.replace(tzinfo=None, fold=0)
    return plain if instant(plain, event.zone) == moment else shown
