"""The campaign's page."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from petition.campaigns.models import Campaign
from petition.campaigns.queries import present_campaign
from petition.core.clock import now
from petition.petitions.asks import Ask, ask_of
from petition.petitions.markdown import to_html
from petition.petitions.queries import petitions_of
from petition.signatures.tally import counts
from petition.web.public.cards import campaign_card
from petition.web.public.page_cache import cached_page
from petition.web.public.petition_page import kind_label

blueprint = Blueprint("campaigns", __name__)


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A campaign as its page shows it."""

    title: str
    summary: str
    body: Markup
    starts_on: date
    ends_on: date
    is_over: bool


@dataclass(frozen=True, slots=True)
class PetitionCard:
    """A petition in the campaign's list."""

    title: str
    summary: str
    url: str
    count: int
    kind_label: str
    is_open: bool


@blueprint.get("/")
def show(lang: str) -> ResponseReturnValue:
    """Show the campaign that runs, or the next, or the last."""
    return cached_page(("campaign", lang), lambda: _render(lang))


def _render(lang: str) -> str:
    campaign = present_campaign(now().date())
    if campaign is None:
        abort(404)
    asks = [ask_of(petition, lang) for petition in petitions_of(campaign.id) if petition.versions]
    tallied = counts([ask.petition_id for ask in asks])
    cards = [_card(ask, tallied[ask.petition_id], lang) for ask in asks]
    return render_template(
        "public/campaigns/show.html",
        campaign=_page(campaign, lang),
        card=campaign_card(campaign),
        petitions=cards,
    )


def _page(campaign: Campaign, lang: str) -> CampaignPage:
    text = campaign.text_in(lang)
    return CampaignPage(
        title=text.title,
        summary=text.summary,
        body=to_html(text.body),
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        is_over=campaign.ends_on < now().date(),
    )


def _card(ask: Ask, count: int, lang: str) -> PetitionCard:
    return PetitionCard(
        title=ask.title,
        summary=ask.summary,
        url=url_for("public.petitions.show", lang=lang, slug=ask.slug),
        count=count,
        kind_label=kind_label(ask.kind),
        is_open=ask.is_open(now().date()),
    )
