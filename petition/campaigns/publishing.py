"""Publishing a campaign and its partners: what did not change stays the row that it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from petition.campaigns.drafts import CampaignDraft, PartnersDraft
from petition.campaigns.models import Campaign, CampaignText, MarkedDay, Partner, campaign_gap
from petition.core.storage.database import session
from petition.core.storage.merging import bring_in_line, bring_texts_in_line, set_changed
from petition.gaps.models import Gap
from petition.recipients.models import Recipient


@dataclass(frozen=True, slots=True)
class Known:
    """What petitions and letters of a campaign can name."""

    campaign: Campaign
    recipients: Mapping[str, Recipient]
    gaps: Mapping[str, Gap]

    def named(self, slugs: Sequence[str]) -> list[Recipient]:
        """Return these recipients, each once."""
        return [self.recipients[slug] for slug in dict.fromkeys(slugs)]


def publish(draft: CampaignDraft) -> Campaign:
    """Bring a campaign in line with its draft, which has passed its checks."""
    campaign = session.scalar(select(Campaign).where(Campaign.slug == draft.slug))
    if campaign is None:
        campaign = Campaign(slug=draft.slug)
        session.add(campaign)
    values = {
        "organisation": draft.organisation.name,
        "contact": draft.organisation.contact,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
        "is_sample": draft.sample,
    }
    set_changed(campaign, values)
    session.flush()
    bring_texts_in_line(campaign.texts, draft.text, CampaignText)
    bring_in_line(
        campaign.days,
        {one.day: {"day": one.day, "words": dict(one.words)} for one in draft.days},
        lambda marked: marked.day,
        MarkedDay,
    )
    return campaign


def hold_gaps(campaign: Campaign, gaps: Mapping[str, Gap]) -> None:
    """Let a campaign hold these gaps and no others, in the order of their numbers."""
    session.execute(delete(campaign_gap).where(campaign_gap.c.campaign_id == campaign.id))
    held = sorted(gaps.values(), key=lambda gap: gap.number)
    rows = [
        {"campaign_id": campaign.id, "gap_id": gap.id, "position": position}
        for position, gap in enumerate(held)
    ]
    if rows:
        session.execute(insert(campaign_gap), rows)
    session.expire(campaign, ["gaps"])


def publish_partners(draft: PartnersDraft, campaign: Campaign) -> None:
    """Bring a campaign's partners in line with their draft, which has passed its checks."""
    bring_in_line(
        campaign.partners,
        {
            position: {
                "position": position,
                "name": one.name,
                "role": dict(one.role),
                "site": one.site,
                "country": one.country,
            }
            for position, one in enumerate(draft.partners)
        },
        lambda partner: partner.position,
        Partner,
    )
