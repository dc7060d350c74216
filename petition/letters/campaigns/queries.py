"""Reads of letter campaigns and letters."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from petition.core.storage.database import session
from petition.gaps.models import Gap
from petition.letters.campaigns.models import (
    LetterCampaign,
    LetterRecipient,
    LetterText,
    LetterVersion,
)
from petition.recipients.models import Recipient
from petition.recipients.queries import WHOLE as WHOLE_RECIPIENT
from petition.versions.models import Office

_version = (
    selectinload(LetterVersion.texts),
    selectinload(LetterVersion.recipients)
    .joinedload(LetterRecipient.recipient)
    .options(*WHOLE_RECIPIENT),
)
_whole = (
    joinedload(LetterCampaign.campaign),
    joinedload(LetterCampaign.gap).selectinload(Gap.texts),
    joinedload(LetterCampaign.halt),
    selectinload(LetterCampaign.versions).options(*_version),
)


def letter_campaign_by_slug(slug: str) -> LetterCampaign | None:
    """Return the letter campaign with everything that its pages show; None without a version."""
    found = session.scalar(
        select(LetterCampaign).where(LetterCampaign.slug == slug).options(*_whole)
    )
    return found if found is not None and found.versions else None


def all_letter_campaigns() -> list[LetterCampaign]:
    """Return every letter campaign, those of the newest campaign first."""
    order = LetterCampaign.campaign_id.desc(), LetterCampaign.id
    found = session.scalars(select(LetterCampaign).options(*_whole).order_by(*order))
    return [one for one in found if one.versions]


def letter_campaign_to_change(slug: str) -> LetterCampaign | None:
    """Return the letter campaign, locked until the transaction ends."""
    return session.scalar(
        select(LetterCampaign)
        .where(LetterCampaign.slug == slug)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def letter_campaigns_of(campaign_id: int) -> list[LetterCampaign]:
    """Return the letter campaigns of a campaign in the order in which they were written."""
    statement = (
        select(LetterCampaign)
        .where(LetterCampaign.campaign_id == campaign_id)
        .options(*_whole)
        .order_by(LetterCampaign.id)
    )
    return [one for one in session.scalars(statement) if one.versions]


def letter_campaigns_about(gap_id: int) -> list[LetterCampaign]:
    """Return the letter campaigns that ask to close a gap."""
    statement = select(LetterCampaign).where(LetterCampaign.gap_id == gap_id).options(*_whole)
    return [one for one in session.scalars(statement.order_by(LetterCampaign.id)) if one.versions]


def text_with_its_campaign(text_id: int) -> LetterText:
    """Return a text together with its version and letter campaign."""
    statement = (
        select(LetterText)
        .where(LetterText.id == text_id)
        .options(
            joinedload(LetterText.version).options(
                *_version,
                joinedload(LetterVersion.letter_campaign).options(
                    joinedload(LetterCampaign.campaign),
                    joinedload(LetterCampaign.gap).selectinload(Gap.texts),
                    joinedload(LetterCampaign.halt),
                ),
            )
        )
    )
    return session.scalars(statement).unique().one()


def office_named(text_id: int, office: Recipient) -> Office:
    """Return an office as the version of a text names it; a representative, as it is called now."""
    named = select(LetterRecipient).join(LetterText, names_it(office.id))
    return session.scalar(named.where(LetterText.id == text_id)) or office


def names_it(recipient_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that the version of a text names an office so."""
    return and_(
        LetterRecipient.version_id == LetterText.version_id,
        LetterRecipient.recipient_id == recipient_id,
    )


def offices_of(version: LetterVersion) -> list[Recipient]:
    """Return the offices that letters of a version can go to, in their order."""
    return [one.recipient for one in version.recipients if one.recipient.mailroom]
