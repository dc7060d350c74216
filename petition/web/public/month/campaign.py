"""The campaign's page: the month, its gaps, petitions, events, reports and partners."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from petition.campaigns.events import events_of
from petition.campaigns.models import Campaign
from petition.campaigns.queries import next_campaign, present_campaign
from petition.campaigns.reports import reports_out
from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.letters.campaigns.queries import letter_campaigns_of
from petition.petitions.asks import ask_of
from petition.petitions.markdown import to_html
from petition.petitions.queries import petitions_of
from petition.signatures.tally import counts
from petition.web.keeping.pages import cached_page
from petition.web.public.letters.letter_page import letter_page
from petition.web.public.month.day_calendar import day_calendar
from petition.web.public.month.event_page import event_line, times_in_capitals
from petition.web.public.month.gap_matrix import matrix
from petition.web.public.month.partners import partner_lines
from petition.web.public.month.report_page import report_line
from petition.web.public.petitions.petition_cards import PetitionCard, petition_card
from petition.web.public.petitions.social_cards import campaign_card

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


@blueprint.get("/")
def show(lang: str) -> ResponseReturnValue:
    """Show the campaign that runs, or the last one until the next begins."""
    return cached_page(("campaign", lang), lambda: _render(lang))


def _render(lang: str) -> str:
    today = now().date()
    campaign = present_campaign(today)
    if campaign is None:
        abort(404)
    events = events_of(campaign.id)
    cards = _cards(campaign, lang)
    coming = [event for event in events if not event.is_past(now()) and not event.is_cancelled]
    return render_template(
        "public/month/campaign/show.html",
        campaign=_page(campaign, lang, today),
        card=campaign_card(campaign),
        petitions=cards,
        open_petitions=sum(card.is_open for card in cards),
        letters=[letter_page(one) for one in letter_campaigns_of(campaign.id)],
        matrix=matrix(campaign.gaps),
        calendar=day_calendar(campaign, events),
        next_event=event_line(coming[0]) if coming else None,
        next_times=times_in_capitals(coming[0]) if coming else [],
        has_events=bool(events),
        reports=[report_line(report) for report in reports_out(campaign.id, now())],
        partners=partner_lines(campaign),
    )


def _cards(campaign: Campaign, lang: str) -> list[PetitionCard]:
    asks = [ask_of(petition, lang) for petition in petitions_of(campaign.id) if petition.versions]
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
