"""The gaps: all of them in one matrix, and a page for each with its evidence."""

import datetime
from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from petition.campaigns.events import events_about
from petition.campaigns.queries import present_campaign
from petition.campaigns.reports import reports_about
from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.gaps.models import Gap, GapStatus, Standing
from petition.gaps.queries import gap_by_slug
from petition.letters.campaigns.queries import letter_campaigns_about
from petition.petitions.asks import ask_of
from petition.petitions.markdown import to_html
from petition.petitions.queries import petitions_about
from petition.recipients.jurisdictions import Jurisdiction
from petition.signatures.tally import counts
from petition.web.keeping.pages import cached_page
from petition.web.public.letters.letter_page import letter_page
from petition.web.public.month.event_page import event_line
from petition.web.public.month.gap_matrix import matrix
from petition.web.public.month.report_page import report_line
from petition.web.public.petitions.petition_cards import petition_card
from petition.web.public.petitions.petition_page import kind_label
from petition.web.site.languages import present_language
from petition.web.words.jurisdictions import jurisdiction_name
from petition.web.words.translated import in_language

blueprint = Blueprint("gaps", __name__)


@dataclass(frozen=True, slots=True)
class StandingLine:
    """How one jurisdiction stands, why, and what it is asked."""

    code: str
    jurisdiction: str
    status: GapStatus | None
    as_of: datetime.date | None
    because: str
    source: str
    source_url: str | None
    ask: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry in the log of changes."""

    day: datetime.date
    jurisdiction: str
    before: GapStatus | None
    after: GapStatus
    because: str


@blueprint.get("/gaps/")
def index(lang: str) -> ResponseReturnValue:
    """Show every gap of the campaign and how the four stand towards it."""
    return cached_page(("gaps", lang), _render_index)


def _render_index() -> str:
    campaign = present_campaign(now().date())
    return render_template(
        "public/month/gaps/index.html", matrix=matrix(campaign.gaps if campaign else [])
    )


@blueprint.get("/gaps/<slug:slug>")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show one gap: how it stands, the evidence, what is asked, what one can do."""
    return cached_page(("gap", lang, slug), lambda: _render(slug))


def _render(slug: str) -> str:
    gap = gap_by_slug(slug)
    if gap is None or not gap.texts:
        abort(404)
    lang = present_language()
    text = gap.text_in(lang)
    asks = [ask_of(petition, lang) for petition in petitions_about(gap.id) if petition.versions]
    tallied = counts([ask.petition_id for ask in asks])
    return render_template(
        "public/month/gaps/show.html",
        gap=text,
        dir=text_direction(lang),
        text_dir=text_direction(text.language),
        reference=gap.reference,
        kind_label=kind_label(gap.kind),
        body=to_html(text.body),
        standings=[_line(gap, jurisdiction) for jurisdiction in Jurisdiction],
        changes=changes(gap),
        petitions=[petition_card(ask, tallied[ask.petition_id]) for ask in asks],
        letters=[letter_page(one) for one in letter_campaigns_about(gap.id)],
        events=[event_line(event) for event in events_about(gap.id)],
        reports=[report_line(report) for report in reports_about(gap.id, now())],
    )


def _line(gap: Gap, jurisdiction: Jurisdiction) -> StandingLine:
    standing = gap.standing_of(jurisdiction)
    asked = {ask.jurisdiction: ask.words for ask in gap.asks}.get(jurisdiction, {})
    return StandingLine(
        code=jurisdiction.value,
        jurisdiction=jurisdiction_name(jurisdiction),
        status=standing.status if standing else None,
        as_of=standing.as_of if standing else None,
        because=in_language(standing.because) if standing else "",
        source=standing.source if standing else "",
        source_url=standing.source_url if standing else None,
        ask=in_language(asked) if asked else "",
    )


def changes(gap: Gap) -> list[Change]:
    """Return the log of changes, the newest first; what was noted first is no change."""
    found: list[Change] = []
    last: dict[Jurisdiction, Standing] = {}
    for standing in gap.standings:
        before = last.get(standing.jurisdiction)
        if before is not None and before.status != standing.status:
            found.append(
                Change(
                    standing.as_of,
                    jurisdiction_name(standing.jurisdiction),
                    before.status,
                    standing.status,
                    in_language(standing.because),
                )
            )
        last[standing.jurisdiction] = standing
    return sorted(found, key=lambda change: change.day, reverse=True)
