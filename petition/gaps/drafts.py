"""A gap as its organisers write it, and what keeps it from being published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from petition.core.drafts.kinds import (
    ByLanguage,
    LanguageCode,
    Slug,
    TextDraft,
    WebAddress,
    at_most,
    some_text,
)
from petition.core.drafts.problems import Problem, in_fields, twice
from petition.core.drafts.shapes import Markdown, listed
from petition.gaps.kinds import GapKind
from petition.gaps.models import Gap, GapStatus, Standing
from petition.recipients.jurisdictions import Jurisdiction


def is_gap_number(number: int) -> str | None:
    """See that a number can be said of a gap."""
    return None if 1 <= number <= 9_999 else "has to be from 1 to 9,999"


@dataclass(frozen=True, slots=True)
class GapAskDraft:
    """What one government is asked."""

    jurisdiction: Jurisdiction
    words: ByLanguage


@dataclass(frozen=True, slots=True)
class StandingDraft:
    """How one government stood from a day on."""

    jurisdiction: Jurisdiction
    status: GapStatus
    as_of: date
    source: Annotated[str, at_most(300)]
    because: ByLanguage
    source_url: WebAddress | None = None


@dataclass(frozen=True, slots=True)
class GapDraft:
    """A gap, whole: what is not in it goes, its past standings apart."""

    slug: Slug
    number: Annotated[int, is_gap_number]
    kind: GapKind
    text: Annotated[Mapping[LanguageCode, TextDraft], some_text]
    asks: tuple[GapAskDraft, ...] = listed("ask")
    standings: tuple[StandingDraft, ...] = listed("standing")


def check(draft: GapDraft) -> Iterator[Problem]:
    """Yield everything that is wrong with a gap in itself."""
    yield from in_fields(draft)
    yield from twice("ask", ((one.jurisdiction,) for one in draft.asks))
    yield from twice("standing", ((one.jurisdiction, one.as_of) for one in draft.standings))


def settled(draft: GapDraft, gap: Gap | None) -> GapDraft:
    """Return a draft with the standings that were set at the desk and that it does not have."""
    given = {(one.jurisdiction, one.as_of) for one in draft.standings}
    more = tuple(
        standing_draft(one)
        for one in (gap.standings if gap else ())
        if one.at_desk is not None and (one.jurisdiction, one.as_of) not in given
    )
    return replace(draft, standings=(*draft.standings, *more))


def check_next(draft: StandingDraft, gap: Gap) -> Iterator[Problem]:
    """Yield everything that is wrong with a standing that is to be added to those of a gap."""
    yield from in_fields(draft)
    for past in gap.standings:
        if (past.jurisdiction, past.as_of) == (draft.jurisdiction, draft.as_of):
            said = f"“{past.status}”, by “{past.source}”"
            yield Problem(("as_of",), f"There is a standing as of that day already: {said}.")


def check_past(draft: GapDraft, gap: Gap) -> Iterator[Problem]:
    """Yield a problem for each standing that was published and is not as it was.

    A translation of its `because` may be added.
    """
    given = {(one.jurisdiction, one.as_of): place for place, one in enumerate(draft.standings)}
    for past in gap.standings:
        name = f"the standing of {past.jurisdiction} as of {past.as_of}"
        place = given.get((past.jurisdiction, past.as_of))
        if place is None:
            yield Problem(
                ("standing",),
                f"{name} was published and is missing. A past standing never changes: put it back "
                f"(status = “{past.status}”, source = “{past.source}”).",
            )
            continue
        for key, was in _changed(past, draft.standings[place]):
            yield Problem(
                ("standing", place, key),
                f"{name} was published with {key} = {_said(was)}. A past standing never changes: "
                "write it as it was, and add a [[standing]] for what is so from another day on.",
            )


def _changed(past: Standing, draft: StandingDraft) -> Iterator[tuple[str, object]]:
    for key in ("status", "source", "source_url"):
        if getattr(past, key) != getattr(draft, key):
            yield key, getattr(past, key)
    if not past.because.items() <= draft.because.items():
        yield "because", past.because


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{language}: “{text}”" for language, text in value.items())
    return "nothing" if value is None else f"“{value}”"


def draft_of(gap: Gap) -> GapDraft:
    """Return the draft from which a gap could be published as it is."""
    draft = GapDraft(
        slug=gap.slug,
        number=gap.number,
        kind=gap.kind,
        text={
            text.language: TextDraft(text.title, text.summary, Markdown(text.body))
            for text in gap.texts
        },
        asks=tuple(GapAskDraft(one.jurisdiction, one.words) for one in gap.asks),
        standings=tuple(standing_draft(one) for one in gap.standings),
    )
    return in_order(draft)


def in_order(draft: GapDraft) -> GapDraft:
    """Return a draft with its asks and standings in the order in which they are kept."""
    return replace(
        draft,
        asks=tuple(sorted(draft.asks, key=lambda one: one.jurisdiction)),
        standings=tuple(sorted(draft.standings, key=lambda one: (one.as_of, one.jurisdiction))),
    )


def standing_draft(one: Standing) -> StandingDraft:
    """Return the draft from which a standing could be published as it is."""
    return StandingDraft(
        one.jurisdiction, one.status, one.as_of, one.source, one.because, one.source_url
    )
