"""The events: a list, a page for each, and feeds for calendars."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from petition.campaigns.events import Event, event_by_slug, events_of
from petition.campaigns.queries import present_campaign
from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.petitions.markdown import to_html
from petition.web.keeping.files import BROWSER_CACHE as FILE_CACHE
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part, rendered
from petition.web.public.month.calendar_feed import calendar
from petition.web.public.month.event_data import schema_of
from petition.web.public.month.event_page import (
    EventLine,
    event_line,
    language_names,
    times_in_capitals,
    was_to_begin,
)
from petition.web.site.languages import present_language
from petition.web.site.settings import settings
from petition.web.words.translated import in_language

blueprint = Blueprint("events", __name__)


@blueprint.get("/events/")
def index(lang: str) -> ResponseReturnValue:
    """List the events that are going on, those to come, then those that are over."""
    return cached_page(("events", lang), lambda: _render_index(lang))


def _events() -> list[Event]:
    campaign = present_campaign(now().date())
    return events_of(campaign.id) if campaign else []


@part
def _lines() -> list[EventLine]:
    return [event_line(event) for event in _events()]


def _render_index(lang: str) -> str:
    lines = _lines()
    feed = settings().url + url_for(".feed", lang=lang)
    return rendered(
        "public/month/events/index.html",
        present=[line for line in lines if line.is_on],
        coming=[line for line in lines if not (line.is_past or line.is_on)],
        past=[line for line in reversed(lines) if line.is_past],
        all_online=not any(line.where for line in lines),
        feed_url=feed,
        subscribe_url="webcal://" + feed.partition("://")[2],
    )


def event_or_404(slug: str) -> Event:
    """Return the event at `slug`, or answer 404."""
    event = event_by_slug(slug)
    if event is None or not event.texts:
        abort(404)
    return event


@blueprint.get("/events/<slug:slug>")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show one event."""
    return cached_page(("event", lang, slug), lambda: _render(event_or_404(slug), lang))


def _render(event: Event, lang: str) -> str:
    text = event.text_in(lang)
    gap = event.gap
    return render_template(
        "public/month/events/show.html",
        event=event,
        line=event_line(event),
        text=text,
        text_dir=text_direction(text.language),
        body=to_html(text.body),
        key_points=to_html(text.key_points),
        moved_from=was_to_begin(event) if event.moved_from else None,
        times=times_in_capitals(event),
        languages_spoken=language_names(event.languages),
        panellists=[(one, in_language(one.role)) for one in event.panellists],
        gap=gap and gap.text_in(lang),
        gap_reference=gap and gap.reference,
        gap_url=gap and url_for("public.month.gaps.show", lang=lang, slug=gap.slug),
        feed_url=url_for(".feed_of_one", lang=lang, slug=event.slug),
        schema=schema_of(event),
    )


@blueprint.get("/events.ics")
def feed(lang: str) -> ResponseReturnValue:
    """Hand out all events for calendars to subscribe to."""
    return _as_calendar(("feed", lang), _events, "events.ics")


@blueprint.get("/events/<slug:slug>.ics")
def feed_of_one(lang: str, slug: str) -> ResponseReturnValue:
    """Hand out one event for a calendar."""
    key = ("feed of one", lang, slug)
    return _as_calendar(key, lambda: [event_or_404(slug)], f"{slug}.ics")


def _as_calendar(key: tuple[str, ...], events: Callable[[], list[Event]], name: str) -> Response:
    answer = cached_page(
        key,
        lambda: calendar(events(), present_language()),
        mimetype="text/calendar",
        cache_control=FILE_CACHE,
    )
    answer.headers.set("Content-Disposition", "inline", filename=name)
    return answer
