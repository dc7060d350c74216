"""Whose gaps and offices are: a folder changes nothing that another campaign relies on, unasked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select

from petition.campaigns.events import Event
from petition.campaigns.models import Campaign, campaign_gap
from petition.campaigns.reports import Report, report_gap
from petition.core.drafts.shapes import NamedFile, parts_of
from petition.core.storage.database import session
from petition.gaps.models import Gap
from petition.letters.campaigns.models import LetterCampaign, LetterRecipient, LetterVersion
from petition.petitions.models import Petition, PetitionRecipient, PetitionVersion
from petition.recipients.models import Area, Recipient

LONGEST_SAID = 60
ADDRESSED = (
    (Petition, PetitionVersion, PetitionRecipient),
    (LetterCampaign, LetterVersion, LetterRecipient),
)
"""What is addressed to recipients, its versions, and how these name them."""
Users = Mapping[str, set[str]]
"""The slugs of the campaigns that rely on something, by its slug."""


def users_of_recipients() -> Users:
    """Return the campaigns that rely on each recipient.

    Its own, those that have addressed something to it and, since any letter may go to a
    representative, for one with areas all that have letters.
    """
    writes = select(LetterCampaign.campaign_id)
    return _users(
        select(Recipient.slug, Campaign.slug).join(Campaign, Campaign.id == Recipient.campaign_id),
        *(
            select(Recipient.slug, Campaign.slug)
            .join_from(kind, kind.campaign)
            .join(kind.versions)
            .join(version.recipients)
            .join(named.recipient)
            .distinct()
            for kind, version, named in ADDRESSED
        ),
        select(Recipient.slug, Campaign.slug)
        .join(Campaign, Campaign.id.in_(writes))
        .where(Recipient.id.in_(select(Area.recipient_id)))
        .distinct(),
    )


def writing_campaigns() -> set[str]:
    """Return the campaigns that have letters: each of these may go to any representative."""
    writes = select(LetterCampaign.campaign_id)
    return set(session.scalars(select(Campaign.slug).where(Campaign.id.in_(writes))))


def users_of_gaps() -> Users:
    """Return the campaigns that rely on each gap: its own, and those with something about it."""
    about = (Event, Petition, LetterCampaign)
    return _users(
        select(Gap.slug, Campaign.slug).join(Campaign, Campaign.id == Gap.campaign_id),
        select(Gap.slug, Campaign.slug)
        .join(campaign_gap, campaign_gap.c.gap_id == Gap.id)
        .join(Campaign, Campaign.id == campaign_gap.c.campaign_id),
        select(Gap.slug, Campaign.slug)
        .join(report_gap, report_gap.c.gap_id == Gap.id)
        .join(Report, Report.id == report_gap.c.report_id)
        .join(Campaign, Campaign.id == Report.campaign_id),
        *(
            select(Gap.slug, Campaign.slug)
            .join(kind, kind.gap_id == Gap.id)
            .join(Campaign, Campaign.id == kind.campaign_id)
            for kind in about
        ),
    )


def _users(*statements: Select[str, str]) -> Users:
    found: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        for slug, campaign in session.execute(statement):
            found[slug].add(campaign)
    return found


def changes(before: Any, after: Any, name: str = "") -> Iterator[str]:
    """Yield in words what differs between two drafts of one thing."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from changes(before.get(key), after.get(key), f"{name}.{key}")
    elif type(before) is type(after) and _is_draft(before):
        for part in parts_of(type(before)):
            key = f"{name}.{part.key}" if name else part.key
            yield from changes(getattr(before, part.name), getattr(after, part.name), key)
    elif isinstance(before, tuple) and any(map(_is_draft, [*before, *after])):
        new = sum(one not in before for one in after)
        yield f"“{name}”: {len(before)} before, {len(after)} now, {new} of them new or changed"
    else:
        yield f"“{name}” from {_said(before)} to {_said(after)}"


def _is_draft(value: object) -> bool:
    return hasattr(value, "__dataclass_fields__") and not isinstance(value, NamedFile)


def _said(value: object) -> str:
    if value in (None, "", ()) or value == {}:
        return "nothing"
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    if _is_draft(value):
        return "a text"
    words = " ".join(str(value).split())
    return f"“{words[:LONGEST_SAID]}{'…' if len(words) > LONGEST_SAID else ''}”"
