"""A campaign and its partners as their organisers write them, and what is wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from petition.campaigns.models import Campaign
from petition.core.drafts.kinds import (
    Body,
    ByLanguage,
    CountryCode,
    LanguageCode,
    Slug,
    Title,
    WebAddress,
    at_most,
    some_text,
)
from petition.core.drafts.problems import Problem, in_fields, twice
from petition.core.drafts.shapes import Markdown, called, listed

LONGEST_DAYS = 400
"""Of a campaign: its first page shows each of them in a calendar."""


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """Who runs a campaign."""

    name: Title
    contact: Annotated[str, at_most(254)]


@dataclass(frozen=True, slots=True)
class CampaignTextDraft:
    """What a campaign says of itself in one language."""

    title: Title
    summary: Annotated[str, at_most(400)]
    body: Body


@dataclass(frozen=True, slots=True)
class MarkedDayDraft:
    """A day that the campaign's calendar marks."""

    words: ByLanguage
    day: date = called("date")


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign itself, without what it holds."""

    slug: Slug
    starts_on: date
    ends_on: date
    organisation: OrganisationDraft
    text: Annotated[Mapping[LanguageCode, CampaignTextDraft], some_text]
    sample: bool = False
    days: tuple[MarkedDayDraft, ...] = listed("day")


@dataclass(frozen=True, slots=True)
class PartnerDraft:
    """An organisation that carries a campaign together with others."""

    name: Title
    role: ByLanguage
    country: CountryCode
    site: WebAddress | None = None


@dataclass(frozen=True, slots=True)
class PartnersDraft:
    """The partners of a campaign, in the order in which they are shown."""

    partners: tuple[PartnerDraft, ...] = listed("partner")


def check(draft: CampaignDraft) -> Iterator[Problem]:
    """Yield everything that is wrong with a campaign in itself."""
    yield from in_fields(draft)
    if draft.ends_on < draft.starts_on:
        yield Problem(("ends_on",), "“ends_on” lies before “starts_on”.", (("starts_on",),))
    days = (draft.ends_on - draft.starts_on).days + 1
    if days > LONGEST_DAYS:
        cause = (
            f"a campaign lasts at most {LONGEST_DAYS} days, and this one {days:,}: let “ends_on” "
            "be earlier. Petitions and letters may stay open after it."
        )
        yield Problem(("ends_on",), cause, (("starts_on",),))
    yield from twice("day", ((one.day,) for one in draft.days))


def check_partners(draft: PartnersDraft) -> Iterator[Problem]:
    """Yield everything that is wrong with the partners of a campaign."""
    yield from in_fields(draft)


def draft_of(campaign: Campaign) -> CampaignDraft:
    """Return the draft from which a campaign could be published as it is."""
    return CampaignDraft(
        slug=campaign.slug,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        organisation=OrganisationDraft(campaign.organisation, campaign.contact),
        sample=campaign.is_sample,
        text={
            text.language: CampaignTextDraft(text.title, text.summary, Markdown(text.body))
            for text in campaign.texts
        },
        days=tuple(MarkedDayDraft(one.words, one.day) for one in campaign.days),
    )


def partners_of(campaign: Campaign) -> PartnersDraft:
    """Return the draft from which a campaign's partners could be published as they are."""
    return PartnersDraft(
        tuple(PartnerDraft(one.name, one.role, one.country, one.site) for one in campaign.partners)
    )
