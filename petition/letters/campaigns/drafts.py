"""A letter campaign as its organisers write it, and what keeps it from being published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from petition.core.drafts.kinds import LanguageCode, Slug, at_most, one_line, some_text
from petition.core.drafts.problems import Problem
from petition.core.drafts.shapes import listed
from petition.letters.campaigns.models import ANY_JURISDICTION, REASONS_OFFERED, LetterCampaign
from petition.recipients.drafts import RecipientDraft
from petition.recipients.jurisdictions import Jurisdiction
from petition.recipients.models import Channel
from petition.versions.drafts import VersionTextDraft


def some_reasons(reasons: tuple[object, ...]) -> str | None:
    """See that a writer can choose a reason, and can overlook them all."""
    if 1 <= len(reasons) <= REASONS_OFFERED:
        return None
    return f"is wrong: a letter needs one to {REASONS_OFFERED} reasons"


def asks_everybody(asks: Mapping[str, str]) -> str | None:
    """See that there is an ask for whoever has none of their own, and none for nobody."""
    if ANY_JURISDICTION in asks and set(asks) <= {ANY_JURISDICTION, *Jurisdiction}:
        return None
    return f"needs “any”, and may have one for {', '.join(Jurisdiction)}"


@dataclass(frozen=True, slots=True)
class ReasonDraft:
    """A reason to write that is offered."""

    label: Annotated[str, at_most(120)]
    prompt: Annotated[str, at_most(200)]


@dataclass(frozen=True, slots=True)
class LetterTextDraft(VersionTextDraft):
    """The words of a letter in one language, before anybody has written."""

    subject: Annotated[str, at_most(150), one_line]
    opening: Annotated[str, at_most(1000)]
    facts: Annotated[str, at_most(3000)]
    ask: Annotated[Mapping[str, Annotated[str, at_most(1000)]], asks_everybody]
    reasons: Annotated[tuple[ReasonDraft, ...], some_reasons] = listed("reason")


@dataclass(frozen=True, slots=True)
class LetterCampaignDraft:
    """A letter campaign; what is changed of its texts and recipients makes a new version."""

    slug: Slug
    gap: str
    opens_on: date
    recipients: tuple[str, ...]
    text: Annotated[Mapping[LanguageCode, LetterTextDraft], some_text]
    closes_on: date | None = None


def check_offices(
    draft: LetterCampaignDraft, offices: Mapping[str, RecipientDraft], today: date
) -> Iterator[Problem]:
    """Yield a problem for each office that a letter names and nobody can write to.

    One that has ended may name an office that takes letters no more.
    """
    if draft.closes_on is not None and draft.closes_on < today:
        return
    represented = any(office.areas for office in offices.values())
    for place, slug in enumerate(draft.recipients):
        office = offices.get(slug)
        if office is None:
            continue
        if not office.channels:
            cause = (
                f"nobody can write to “{slug}”: give it “channels”, the ways by which it takes "
                "letters, in recipients.toml."
            )
            yield Problem(("recipients", place), cause)
        elif set(office.channels) == {Channel.REPRESENTATIVE} and not represented:
            cause = (
                f"nobody can write to “{slug}”: it takes letters through representatives alone, "
                "and there is no recipient with “areas”."
            )
            yield Problem(("recipients", place), cause)


def draft_of(one: LetterCampaign) -> LetterCampaignDraft:
    """Return the draft from which a letter campaign could be published as it is."""
    return LetterCampaignDraft(
        slug=one.slug,
        gap=one.gap.slug,
        opens_on=one.opens_on,
        recipients=tuple(named.recipient.slug for named in one.version.recipients),
        text={
            text.language: LetterTextDraft(
                title=text.title,
                summary=text.summary,
                subject=text.subject,
                opening=text.opening,
                facts=text.facts,
                ask=dict(text.asks),
                reasons=tuple(ReasonDraft(**reason) for reason in text.reasons),
            )
            for text in one.version.texts
        },
        closes_on=one.closes_on,
    )
