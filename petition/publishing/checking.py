"""What keeps a campaign's folder from being published: all of it, in every file. Writes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import select

import petition.campaigns.drafts as campaign_drafts
import petition.campaigns.event_drafts as event_drafts
import petition.campaigns.report_drafts as report_drafts
import petition.gaps.drafts as gap_drafts
import petition.letters.campaigns.drafts as letter_drafts
import petition.recipients.drafts as recipient_drafts
import petition.versions.drafts as version_drafts
from petition.campaigns.events import Event
from petition.campaigns.models import Campaign
from petition.campaigns.reports import Report
from petition.campaigns.withdrawing import still_announced
from petition.core.drafts.problems import Place, Problem, twice, within
from petition.core.storage.database import session
from petition.gaps.drafts import GapDraft
from petition.gaps.models import Gap
from petition.gaps.queries import WHOLE
from petition.letters.campaigns.models import LetterCampaign
from petition.petitions.models import Petition
from petition.publishing.folder import Folder, Room
from petition.publishing.others import becomes_a_sample, shared_changes
from petition.recipients.drafts import RecipientDraft
from petition.recipients.queries import all_recipients

MISSING = {
    "petitions": "What people may have signed stays to be read: give it “closes_on” to end it.",
    "letters": "People may have written: give it “closes_on” to end it.",
    "events": "Calendars announce it still: load it once with state = “cancelled”, then its file "
    "may go.",
}
NOUNS = {"petitions": "petition", "letters": "letter campaign", "events": "event"}


@dataclass(frozen=True, slots=True)
class Findings:
    """What a look at a folder has found."""

    problems: list[str]
    """Each with its file and, where it is known, its line."""
    shared: list[str]
    """What would change for other campaigns: of offices, gaps, and who takes their letters.

    And whether what people did could be removed then.
    """


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is already, and what the files of a folder can name."""

    today: date
    campaign: Campaign | None
    slug: str
    gaps: Mapping[str, Gap]
    offices: Mapping[str, RecipientDraft]
    """Those of the folder, else as they are noted."""
    unread: frozenset[str]
    """Those of the folder of which something cannot be read."""


def check_folder(folder: Folder, at: datetime) -> Findings:
    """Return everything that is wrong with a folder, and what it would change of others'."""
    around = _surroundings(folder, at.date())
    problems = [*folder.strays, *(words for room in folder.rooms for words in room.refusals)]
    problems += _in_words(folder.campaign, campaign_drafts.check)
    problems += _in_words(folder.partners, campaign_drafts.check_partners)
    problems += _in_words(folder.recipients, _check_recipients)
    problems += _in_words(folder.gaps, lambda one: _check_gap(one, around))
    problems += _twice(folder.gaps)
    problems += _twice(folder.gaps, "number")
    for room, check, model in (
        (folder.petitions, version_drafts.check, Petition),
        (folder.letters, version_drafts.check, LetterCampaign),
        (folder.events, event_drafts.check, Event),
        (folder.reports, report_drafts.check, Report),
    ):
        problems += _in_words(room, _with_names(check, model, folder, around))
        problems += _twice(room)
    problems += _missing(folder, around, at)
    shared = [
        *becomes_a_sample(folder, around.campaign),
        *shared_changes(folder, around.slug, around.gaps),
    ]
    return Findings(problems, shared)


def _surroundings(folder: Folder, today: date) -> Surroundings:
    found = folder.campaign.documents
    slug = found[0].draft.slug if found else ""
    offices = {one.slug: recipient_drafts.draft_of(one) for one in all_recipients()}
    unread: set[str] = set()
    for document in folder.recipients.documents:
        named = document.draft.recipients
        offices |= {one.slug: one for one in named}
        faulty = {problem.field[1] for problem in document.problems if len(problem.field) > 1}
        unread |= {one.slug for number, one in enumerate(named) if number in faulty}
    return Surroundings(
        today,
        session.scalar(select(Campaign).where(Campaign.slug == slug)),
        slug,
        {gap.slug: gap for gap in session.scalars(select(Gap).options(*WHOLE))},
        offices,
        frozenset(unread),
    )


def _in_words(room: Room[Any], check: Any) -> list[str]:
    return [words for one in room.documents for words in one.in_words(check(one.draft))]


def _twice(room: Room[Any], key: str = "slug") -> Iterator[str]:
    """Yield words for each file with a slug, or a number, that another file has."""
    first: dict[object, str] = {}
    for one in room.documents:
        value = getattr(one.draft, key)
        if one.could_read(key) and first.setdefault(value, one.name) != one.name:
            yield f"{one.name}: “{value}” is the {key} of {first[value]} already."


def _check_recipients(draft: Any) -> Iterator[Problem]:
    for number, one in enumerate(draft.recipients):
        yield from within(recipient_drafts.check(one), "recipient", number)
    slugs = twice("recipient", ((one.slug,) for one in draft.recipients))
    yield from (replace(one, others=((*one.field, "slug"),)) for one in slugs)


def _check_gap(draft: GapDraft, around: Surroundings) -> Iterator[Problem]:
    yield from gap_drafts.check(draft)
    taken = [
        g.slug for g in around.gaps.values() if g.number == draft.number and g.slug != draft.slug
    ]
    if taken:
        free = max(gap.number for gap in around.gaps.values()) + 1
        cause = f"number {draft.number} is that of “{taken[0]}” already; {free} is free."
        yield Problem(("number",), cause)
    if gap := around.gaps.get(draft.slug):
        yield from gap_drafts.check_past(gap_drafts.settled(draft, gap), gap)


def _with_names(check: Any, model: Any, folder: Folder, around: Surroundings) -> Any:
    """Return the check of a draft together with that of what it names."""

    def whole(draft: Any) -> Iterator[Problem]:
        yield from check(draft)
        theirs = session.scalar(select(model.campaign_id).where(model.slug == draft.slug))
        if theirs is not None and (around.campaign is None or around.campaign.id != theirs):
            cause = f"“{draft.slug}” is the slug of something in another campaign already."
            yield Problem(("slug",), cause)
        yield from _check_gaps(draft, folder)
        if hasattr(draft, "recipients"):
            yield from _check_addressees(draft, folder, around)
        if model is LetterCampaign:
            readable = {s: one for s, one in around.offices.items() if s not in around.unread}
            yield from letter_drafts.check_offices(draft, readable, around.today)

    return whole


def _check_gaps(draft: Any, folder: Folder) -> Iterator[Problem]:
    """Yield a problem for each gap that a draft names and the folder does not have."""
    if not folder.gaps.is_whole:
        return
    known = [one.draft.slug for one in folder.gaps.documents]
    named: list[tuple[Place, str]] = [
        (("gaps", place), slug) for place, slug in enumerate(getattr(draft, "gaps", ()))
    ]
    if getattr(draft, "gap", None) is not None:
        named.append((("gap",), draft.gap))
    for place, slug in named:
        if slug not in known:
            yield Problem(place, f"no gap “{slug}” in the folder gaps{_near(slug, known)}.")


def _check_addressees(draft: Any, folder: Folder, around: Surroundings) -> Iterator[Problem]:
    if folder.recipients.refusals:
        return
    for place, slug in enumerate(draft.recipients):
        if slug not in around.offices:
            near = _near(slug, list(around.offices))
            yield Problem(("recipients", place), f"no recipient “{slug}” in recipients.toml{near}.")


def _near(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f" (did you mean “{near[0]}”?)" if near else ""


def _missing(folder: Folder, around: Surroundings, at: datetime) -> Iterator[str]:
    """Yield words for each thing that people rely on and that the folder has no more."""
    if around.campaign is None:
        return
    ours = around.campaign.id
    for room, there in (
        (folder.petitions, session.scalars(_slugs_in(Petition, ours)).all()),
        (folder.letters, session.scalars(_slugs_in(LetterCampaign, ours)).all()),
        (folder.events, still_announced(ours, at)),
    ):
        slugs = {one.draft.slug for one in room.documents}
        new = sorted(slugs - set(there))
        for slug in sorted(set(there) - slugs) if room.is_whole else ():
            renamed = f" If it is “{new[0]}” now: its slug has to stay as it was." if new else ""
            yield (
                f"{room.name}: the {NOUNS[room.name]} “{slug}” is missing. "
                f"{MISSING[room.name]}{renamed}"
            )


def _slugs_in(model: Any, campaign_id: int) -> Any:
    return select(model.slug).where(model.campaign_id == campaign_id)
