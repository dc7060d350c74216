"""The gaps: all of them in one matrix, and a page for each with its evidence."""

import datetime
from dataclasses import dataclass

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from petition.campaigns.events import events_about
from petition.campaigns.queries import present_campaign
from petition.campaigns.reports import reports_about
from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.deliveries.queries import handed_over_about
from petition.gaps.models import Gap, GapStatus, Standing
from petition.gaps.queries import gap_by_slug
from petition.petitions.asks import asks_about
from petition.petitions.markdown import to_html
from petition.recipients.jurisdictions import Jurisdiction
from petition.signatures.tally import counts
from petition.web.keeping.pages import cached_page
from petition.web.keeping.parts import part, rendered
from petition.web.public.deliveries.delivery_page import (
    MOST_NOTED,
    DeliveryLine,
    delivery_lines,
)
from petition.web.public.letters.letter_page import letters_about
from petition.web.public.month.event_page import EventLine, event_line
from petition.web.public.month.gap_matrix import MatrixRow, matrix
from petition.web.public.month.report_page import ReportLine, report_line
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


@dataclass(frozen=True, slots=True)
class GapPage:
    """A gap as its page shows it."""

    id: int
    reference: str
    kind_label: str
    title: str
    summary: str
    body: Markup
    lang: str
    dir: str
    standings: list[StandingLine]
    changes: list[Change]
    events: list[EventLine]
    reports: list[ReportLine]
    deliveries: list[DeliveryLine]


@blueprint.get("/gaps/")
def index(lang: str) -> ResponseReturnValue:
    """Show every gap of the campaign and how the four stand towards it."""
    return cached_page(("gaps", lang), _render_index)


def _render_index() -> str:
    return rendered("public/month/gaps/index.html", matrix=_matrix())


@part
def _matrix() -> list[MatrixRow]:
    campaign = present_campaign(now().date())
    return matrix(campaign.gaps if campaign else [])


@blueprint.get("/gaps/<slug:slug>")
def show(lang: str, slug: str) -> ResponseReturnValue:
    """Show one gap: how it stands, the evidence, what is asked, what one can do."""
    return cached_page(("gap", lang, slug), lambda: _render(slug))


def _render(slug: str) -> str:
    gap = _page(slug)
    if gap is None:
        abort(404)
    asks = asks_about(gap.id, present_language())
    tallied = counts([ask.petition_id for ask in asks])
    return rendered(
        "public/month/gaps/show.html",
        gap=gap,
        petitions=[petition_card(ask, tallied[ask.petition_id]) for ask in asks],
        letters=letters_about(gap.id),
    )


@part
def _page(slug: str) -> GapPage | None:
    gap = gap_by_slug(slug)
    if gap is None or not gap.texts:
        return None
    text = gap.text_in(present_language())
    return GapPage(
        id=gap.id,
        reference=gap.reference,
        kind_label=kind_label(gap.kind),
        title=text.title,
        summary=text.summary,
        body=to_html(text.body),
        lang=text.language,
        dir=text_direction(text.language),
        standings=[_line(gap, jurisdiction) for jurisdiction in Jurisdiction],
        changes=changes(gap),
        events=[event_line(event) for event in events_about(gap.id)],
        reports=[report_line(report) for report in reports_about(gap.id, now())],
        deliveries=delivery_lines(handed_over_about(gap.id)[:MOST_NOTED]),
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
