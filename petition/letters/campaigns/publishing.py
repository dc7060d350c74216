"""Publishing letter campaigns; what changed makes a new version."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from petition.campaigns.publishing import Known
from petition.core.storage.database import session
from petition.core.storage.merging import set_changed
from petition.letters.campaigns.drafts import LetterCampaignDraft, LetterTextDraft
from petition.letters.campaigns.models import (
    LetterCampaign,
    LetterRecipient,
    LetterText,
    LetterVersion,
)
from petition.versions.publishing import publish_next


def publish(draft: LetterCampaignDraft, known: Known, at: datetime) -> bool:
    """Bring a letter campaign in line with its draft, which has passed its checks.

    Returns whether there is a new version.
    """
    one = session.scalar(select(LetterCampaign).where(LetterCampaign.slug == draft.slug))
    if one is None:
        one = LetterCampaign(slug=draft.slug, campaign=known.campaign)
        session.add(one)
    values = {
        "gap": known.gaps[draft.gap],
        "opens_on": draft.opens_on,
        "closes_on": draft.closes_on,
    }
    set_changed(one, values)
    session.flush()
    texts = [
        LetterText(letter_campaign_id=one.id, language=language, **_values(text))
        for language, text in draft.text.items()
    ]
    version = LetterVersion(recipients=LetterRecipient.freeze(known.named(draft.recipients)))
    return publish_next(one, version, texts, at)


def _values(text: LetterTextDraft) -> dict[str, object]:
    return {
        "title": text.title,
        "summary": text.summary,
        "subject": text.subject,
        "opening": text.opening,
        "facts": text.facts,
        "asks": dict(text.ask),
        "reasons": [asdict(reason) for reason in text.reasons],
    }
