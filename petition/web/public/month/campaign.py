"""The campaign's page: the month, its gaps, petitions, events, reports and partners."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from petition.campaigns.events import events_of
from petition.campaigns.models import Campaign
from petition.campaigns.queries import next_campaign, present_campaign
from petition.campaigns.reports import reports_out
from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.deliveries.queries import handed_over_in
from petition.petitions.asks import asks_of
from petition.petitions.markdown import to_html
from petition.signatures.tally import counts
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part, rendered
from petition.web.public.deliveries.delivery_page import MOST_NOTED, delivery_lines
from petition.web.public.letters.letter_page import letters_of
from petition.web.public.month.day_calendar import day_calendar
from petition.web.public.month.event_page import event_line, times_in_capitals
from petition.web.public.month.gap_matrix import matrix
from petition.web.public.month.partners import partner_lines
from petition.web.public.month.report_page import report_line
from petition.web.public.petitions.petition_cards import PetitionCard, petition_card
from petition.web.public.petitions.social_cards import campaign_social_card
from petition.web.site.languages import present_language

blueprint = Blueprint("campaign", __name__)


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A campaign as its page shows it."""

    title: str
    summary: str
    body: Markup
    lang: str
    dir: str
    starts_on: date
    ends_on: date
    is_over: bool
    next_starts_on: date | None
    """When the campaign after this one begins, once that is known."""


@dataclass(frozen=True, slots=True)
class Month:
    """All of a campaign's page but what people do: petitions with their counts, and letters."""

    campaign_id: int
    contents: Mapping[str, Any]


@blueprint.get("/")
def show(lang: str) -> ResponseReturnValue:
    """Show the campaign that runs, or the last one until the next begins."""
    return cached_page(("campaign", lang), lambda: _render(lang))


def _render(lang: str) -> str:
    month = _month()
    if month is None:
        return rendered(
            "errors/error.html",
            layout="layouts/public.html",
            title=_("There is no campaign here yet"),
            message=_("The organisers are still preparing it. Please come back later."),
        )
    cards = _cards(month.campaign_id, lang)
    return rendered(
        "public/month/campaign/show.html",
        petitions=cards,
        open_petitions=sum(card.is_open for card in cards),
        letters=letters_of(month.campaign_id),
        **month.contents,
    )


@part
def _month() -> Month | None:
    today, lang = now().date(), present_language()
    campaign = present_campaign(today)
    if campaign is None:
        return None
    events = events_of(campaign.id)
    coming = [event for event in events if not event.is_past(now()) and not event.is_cancelled]
    contents = {
        "campaign": _page(campaign, lang, today),
        "card": campaign_social_card(campaign),
        "matrix": matrix(campaign.gaps),
        "calendar": day_calendar(campaign, events),
        "next_event": event_line(coming[0]) if coming else None,
        "next_times": times_in_capitals(coming[0]) if coming else [],
        "has_events": bool(events),
        "deliveries": delivery_lines(handed_over_in(campaign.id)[:MOST_NOTED]),
        "reports": [report_line(report) for report in reports_out(campaign.id, now())],
        "partners": partner_lines(campaign),
    }
    return Month(campaign.id, contents)


def _cards(campaign_id: int, lang: str) -> list[PetitionCard]:
    asks = asks_of(campaign_id, lang)
    tallied = counts([ask.petition_id for ask in asks])
    return [petition_card(ask, tallied[ask.petition_id]) for ask in asks]


def _page(campaign: Campaign, lang: str, today: date) -> CampaignPage:
    text = campaign.text_in(lang)
    following = next_campaign(campaign.ends_on)
    return CampaignPage(
        title=text.title,
        summary=text.summary,
        body=to_html(text.body),
        lang=text.language,
        dir=text_direction(text.language),
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        is_over=campaign.ends_on < today,
        next_starts_on=following.starts_on if following else None,
    )
