"""Publishing letter campaigns; what changed makes a new version."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from petition.core.storage.database import session
from petition.core.storage.merging import set_changed
from petition.letters.campaigns.drafts import LetterCampaignDraft, LetterTextDraft
from petition.letters.campaigns.models import (
    LetterCampaign,
    LetterRecipient,
    LetterText,
    LetterVersion,
)
from petition.petitions.publishing import Known
from petition.recipients.models import Recipient

Values = Mapping[str, object]


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
    texts = {language: _values(text) for language, text in draft.text.items()}
    return _publish_version(one, texts, known.named(draft.recipients), at)


def _values(text: LetterTextDraft) -> Values:
    return {
        "title": text.title,
        "summary": text.summary,
        "subject": text.subject,
        "opening": text.opening,
        "facts": text.facts,
        "asks": dict(text.ask),
        "reasons": [asdict(reason) for reason in text.reasons],
    }


def _publish_version(
    one: LetterCampaign, texts: Mapping[str, Values], recipients: list[Recipient], at: datetime
) -> bool:
    """Make this the present version; false when it says just that already."""
    if one.versions and _says(one.version, texts, recipients):
        return False
    version = LetterVersion(letter_campaign=one, number=len(one.versions) + 1, published_at=at)
    session.add(version)
    session.flush()
    for position, recipient in enumerate(recipients):
        session.add(
            LetterRecipient(version_id=version.id, recipient_id=recipient.id, position=position)
        )
    session.flush()  # a version without texts has no letters, so that its guard looks for none
    for language, values in texts.items():
        session.add(
            LetterText(letter_campaign_id=one.id, version=version, language=language, **values)
        )
    session.flush()
    session.expire(version)
    return True


def _says(version: LetterVersion, texts: Mapping[str, Values], recipients: list[Recipient]) -> bool:
    there = [named.recipient_id for named in version.recipients]
    return (
        {text.language for text in version.texts} == texts.keys()
        and there == [recipient.id for recipient in recipients]
        and all(
            getattr(text, name) == value
            for text in version.texts
            for name, value in texts[text.language].items()
        )
    )
