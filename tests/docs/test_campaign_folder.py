"""The page about a campaign's folder names every key that is read, and no other table."""

import re

import pytest

from petition.campaigns.drafts import CampaignDraft, PartnersDraft
from petition.campaigns.event_drafts import EventDraft
from petition.campaigns.report_drafts import ReportDraft
from petition.core.drafts.shapes import keys_of
from petition.gaps.drafts import GapDraft
from petition.letters.campaigns.drafts import LetterCampaignDraft
from petition.petitions.drafts import PetitionDraft
from petition.publishing.folder import RecipientsDraft
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "campaign-folder.md").read_text("utf-8")
DRAFTS = (
    *(CampaignDraft, PartnersDraft, RecipientsDraft, GapDraft, PetitionDraft),
    *(LetterCampaignDraft, EventDraft, ReportDraft),
)
IN_AN_ENTRY = {"date", "is_pseudonym", "key_points", "file", "language"}
"""Parts of an entry that the sample shows; the page names the table they stand in."""


def keys() -> set[str]:
    """Return every key that a folder can have."""
    return {key for draft in DRAFTS for key in keys_of(draft)}


@pytest.mark.parametrize("key", sorted(keys() - IN_AN_ENTRY))
def test_every_key_that_is_read_is_named(key: str) -> None:
    assert re.search(rf"\b{key}\b", PAGE)


@pytest.mark.parametrize("key", sorted(set(re.findall(r"\[\[(?:[\w<>]+\.)*(\w+)\]\]", PAGE))))
def test_every_table_that_is_named_is_read(key: str) -> None:
    assert key in keys()
