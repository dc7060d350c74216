"""A campaign's folder of TOML and Markdown, part by part. Loading again changes what changed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, select

from petition.campaigns.events import Event
from petition.campaigns.loading import load_campaign as load_campaign_itself
from petition.campaigns.models import campaign_gap
from petition.campaigns.reports import report_gap
from petition.core.storage.database import session
from petition.gaps.loading import load_gaps
from petition.gaps.models import Gap
from petition.letters.campaigns.loading import load_letter_campaigns
from petition.letters.campaigns.models import LetterCampaign
from petition.petitions.loading import Known, load_petitions
from petition.petitions.models import Petition
from petition.recipients.loading import load_recipients


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    campaign: str
    petitions: int
    letter_campaigns: int
    new_versions: int
    removed: list[str]
    """Words for each thing that has gone with its file."""


def load_campaign(folder: Path, at: datetime) -> Loaded:
    """Bring the database in line with `folder`; a changed text makes a new version.

    Raises CampaignFolderError.
    """
    recipients = load_recipients(folder / "recipients.toml", at.date())
    gaps = load_gaps(folder / "gaps")
    loaded = load_campaign_itself(folder, gaps, at)
    known = Known(loaded.campaign, recipients, gaps)
    petitions = load_petitions(folder / "petitions", known, at)
    letters = load_letter_campaigns(folder / "letters", known, at)
    return Loaded(
        campaign=loaded.campaign.slug,
        petitions=len(petitions),
        letter_campaigns=len(letters),
        new_versions=sum(petitions.values()) + sum(letters.values()),
        removed=[*loaded.removed, *_forget_gaps()],
    )


def _forget_gaps() -> list[str]:
    """Take the gaps out that no campaign holds any more and nothing else is about."""
    gone = session.scalars(
        select(Gap).where(
            ~exists().where(campaign_gap.c.gap_id == Gap.id),
            ~exists().where(report_gap.c.gap_id == Gap.id),
            ~exists().where(Event.gap_id == Gap.id),
            ~exists().where(Petition.gap_id == Gap.id),
            ~exists().where(LetterCampaign.gap_id == Gap.id),
        )
    ).all()
    for gap in gone:
        session.delete(gap)
    session.flush()
    return [f"the gap “{gap.slug}”" for gap in gone]
