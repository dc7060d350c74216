"""The letter campaigns: how their letters stand, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from petition.core.clock import now
from petition.core.i18n import text_direction
from petition.letters.campaigns.halting import PastHalt, past_halts
from petition.letters.campaigns.models import LetterCampaign
from petition.letters.campaigns.queries import (
    all_letter_campaigns,
    letter_campaign_by_slug,
)
from petition.letters.desk.numbers import (
    Numbers,
    answers_of,
    numbers_by_letter_campaign,
    numbers_by_office,
)
from petition.letters.desk.waiting import count_stopped, count_waiting
from petition.letters.drafting.own_words import OwnWords
from petition.organisers.queries import names_of
from petition.recipients.queries import recipients_by_id
from petition.web.drawings.charts import Chart, Datum, bars
from petition.web.organiser.door.paging import ListPage, requested
from petition.web.organiser.letters.words import count_labels, own_words_labels, wait_labels
from petition.web.site.languages import present_language
from petition.web.words.answers import answer_words

blueprint = Blueprint("campaigns", __name__, url_prefix="/letters")
LATEST_ANSWERS = 10


@dataclass(frozen=True, slots=True)
class LetterHead:
    """A letter campaign as organisers see it."""

    slug: str
    title: str
    lang: str
    dir: str
    gap_reference: str
    gap_title: str
    is_open: bool
    stopped_at: datetime | None
    stopped_by: str


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office and how the letters to it stand."""

    office: str
    suspect_since: datetime | None
    numbers: Numbers


def letter_campaign_or_404(slug: str) -> LetterCampaign:
    """Return the letter campaign at `slug`."""
    found = letter_campaign_by_slug(slug)
    if found is None:
        abort(404)
    return found


def head_of(letter_campaign: LetterCampaign, names: dict[int, str]) -> LetterHead:
    """Return what pages say of a letter campaign; `names` are those of organisers."""
    lang = present_language()
    text, gap = letter_campaign.version.text_in(lang), letter_campaign.gap
    halt = letter_campaign.halt
    return LetterHead(
        slug=letter_campaign.slug,
        title=text.title,
        lang=text.language,
        dir=text_direction(text.language),
        gap_reference=gap.reference,
        gap_title=gap.text_in(lang).title,
        is_open=letter_campaign.is_open(now().date()),
        stopped_at=halt.stopped_at if halt else None,
        stopped_by=names.get(halt.stopped_by, "") if halt else "",
    )


def _names(letter_campaigns: list[LetterCampaign], past: Sequence[PastHalt] = ()) -> dict[int, str]:
    """Return the names of those who stopped something, and who resumed it."""
    halters = (one.halt.stopped_by for one in letter_campaigns if one.halt is not None)
    return names_of([*halters, *(number for one in past for number in one.organisers)])


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List every letter campaign with its numbers."""
    found, counted = all_letter_campaigns(), numbers_by_letter_campaign()
    names = _names(found)
    return render_template(
        "organiser/letters/campaigns/index.html",
        rows=[(head_of(one, names), counted[one.id]) for one in found],
        labels=count_labels(),
        answer_words=answer_words,
    )


@blueprint.get("/<slug:slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show how one letter campaign stands, office by office."""
    found = letter_campaign_or_404(slug)
    by_office, whole = numbers_by_office(found.id), Numbers()
    for numbers in by_office.values():
        whole.add(numbers)
    halts = past_halts(found.id)
    names = _names([found], halts)
    return render_template(
        "organiser/letters/campaigns/show.html",
        letter=head_of(found, names),
        halts=halts,
        names=names,
        whole=whole,
        offices=_office_lines(found, by_office),
        own_words=_own_words_chart(whole),
        answers=answers_of(found.id, size=LATEST_ANSWERS),
        waiting=count_waiting(whole),
        stopped=count_stopped(found.id),
        wait_labels=wait_labels(),
        labels=count_labels(),
        answer_words=answer_words,
    )


def _office_lines(
    letter_campaign: LetterCampaign, by_office: dict[int, Numbers]
) -> list[OfficeLine]:
    lang, offices = present_language(), recipients_by_id(by_office)
    lines = []
    for number, numbers in by_office.items():
        named, mailroom = letter_campaign.naming(offices[number]), offices[number].mailroom
        suspect_since = mailroom.suspect_since if mailroom else None
        lines.append(OfficeLine(named.office_in(lang), suspect_since, numbers))
    return sorted(lines, key=lambda line: line.office)


def _own_words_chart(whole: Numbers) -> Chart | None:
    """Return how much is their writers' own; None where there is no letter yet."""
    shares, labels = whole.own_words, own_words_labels()
    if not shares.total():
        return None
    return bars([Datum(labels[share], shares[share]) for share in OwnWords])


@blueprint.get("/<slug:slug>/answers")
def answers(slug: str) -> ResponseReturnValue:
    """Show the whole log of answers."""
    found = letter_campaign_or_404(slug)
    return render_template(
        "organiser/letters/campaigns/answers.html",
        letter=head_of(found, _names([found])),
        answers=ListPage.of(answers_of(found.id, requested())),
        answer_words=answer_words,
    )
