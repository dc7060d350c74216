"""What a folder would change of what others rely on or have done: somebody has to agree to it."""

from collections.abc import Iterable, Iterator, Mapping

import petition.gaps.drafts as gap_drafts
import petition.recipients.drafts as recipient_drafts
from petition.campaigns.models import Campaign
from petition.gaps.models import Gap
from petition.publishing.folder import Folder
from petition.publishing.owners import (
    changes,
    users_of_gaps,
    users_of_recipients,
    writing_campaigns,
)
from petition.publishing.removing import contents_of
from petition.recipients.drafts import RecipientDraft
from petition.recipients.queries import all_recipients

MOST_AREAS_SAID = 20


def shared_changes(folder: Folder, slug: str, gaps: Mapping[str, Gap]) -> Iterator[str]:
    """Yield words for each change by the folder of the campaign `slug` that others would feel."""
    yield from _changed_offices(folder, slug)
    yield from _changed_gaps(folder, slug, gaps)


def becomes_a_sample(folder: Folder, campaign: Campaign | None) -> Iterator[str]:
    """Yield words where what people did in a campaign could be removed with it from then on."""
    marked = any(one.draft.sample for one in folder.campaign.documents)
    if campaign is None or campaign.is_sample or not marked:
        return
    found = contents_of(campaign)
    if found.signatures or found.letters:
        yield (
            f"the campaign “{campaign.slug}”, in which people have signed or written, would become "
            "a sample, and “remove-sample” would delete all that they did. "
            "If it is none, leave out “sample”."
        )


def _changed_offices(folder: Folder, slug: str) -> Iterator[str]:
    present = {one.slug: recipient_drafts.draft_of(one) for one in all_recipients()}
    users = users_of_recipients()
    writing = writing_campaigns() - {slug}
    for document in folder.recipients.documents:
        for one in document.draft.recipients:
            if list(recipient_drafts.check(one)):
                continue
            before = present.get(one.slug)
            after = recipient_drafts.settled(one, before)
            others = users.get(one.slug, set()) - {slug}
            if others and before is not None:
                yield from _said("the office", one.slug, others, changes(before, after))
            if writing:
                yield from _taken_letters(before, after, writing)


def _taken_letters(
    before: RecipientDraft | None, after: RecipientDraft, writing: Iterable[str]
) -> Iterator[str]:
    """Yield words for areas that are new: any letter may go to the representative of its writer."""
    gained = sorted(_areas(after) - (_areas(before) if before else set()))
    if not gained:
        return
    named = ", ".join(prefix or "“” (all of it)" for _, prefix in gained[:MOST_AREAS_SAID])
    beyond = len(gained) - MOST_AREAS_SAID
    more = f" and {beyond} more" if beyond > 0 else ""
    noun = "area" if len(gained) == 1 else "areas"
    yield (
        f"the office “{after.slug}” would take letters of {_quoted(writing)} "
        f"from the {noun} {named}{more} of {gained[0][0]}."
    )


def _areas(draft: RecipientDraft) -> set[tuple[str, str]]:
    """Return an office's areas, each with its country."""
    return {(recipient_drafts.country_of(draft), prefix) for prefix in draft.areas}


def _changed_gaps(folder: Folder, slug: str, gaps: Mapping[str, Gap]) -> Iterator[str]:
    users = users_of_gaps()
    for document in folder.gaps.documents:
        gap = gaps.get(document.draft.slug)
        others = users.get(document.draft.slug, set()) - {slug}
        if gap and others:
            settled = gap_drafts.settled(document.draft, gap)
            before, after = gap_drafts.draft_of(gap), gap_drafts.in_order(settled)
            yield from _said("the gap", gap.slug, others, changes(before, after))


def _said(noun: str, slug: str, others: Iterable[str], differing: Iterable[str]) -> Iterator[str]:
    for change in differing:
        yield f"{noun} “{slug}”, which {_quoted(others)} relies on: {change}."


def _quoted(slugs: Iterable[str]) -> str:
    return ", ".join(f"“{one}”" for one in sorted(slugs))
