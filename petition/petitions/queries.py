"""Reads of petitions."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from petition.core.storage.database import session
from petition.gaps.models import Gap
from petition.petitions.models import Petition, PetitionRecipient, PetitionVersion
from petition.recipients.models import Recipient

_whole = (
    joinedload(Petition.campaign),
    joinedload(Petition.gap).selectinload(Gap.texts),
    selectinload(Petition.versions).options(
        selectinload(PetitionVersion.texts),
        selectinload(PetitionVersion.recipients)
        .joinedload(PetitionRecipient.recipient)
        .selectinload(Recipient.holders),
    ),
)


def petition_by_slug(slug: str) -> Petition | None:
    """Return the petition with everything that its page shows."""
    return session.scalar(select(Petition).where(Petition.slug == slug).options(*_whole))


def petitions_of(campaign_id: int) -> list[Petition]:
    """Return the petitions of a campaign in the order in which they were written."""
    statement = (
        select(Petition)
        .where(Petition.campaign_id == campaign_id)
        .options(*_whole)
        .order_by(Petition.id)
    )
    return list(session.scalars(statement))


def petitions_about(gap_id: int) -> list[Petition]:
    """Return the petitions that ask to close a gap, in the order in which they were written."""
    statement = select(Petition).where(Petition.gap_id == gap_id).options(*_whole)
    return list(session.scalars(statement.order_by(Petition.id)))


def all_petitions() -> list[Petition]:
    """Return every petition of every campaign, the newest campaign's first."""
    statement = (
        select(Petition)
        .options(*_whole)
        .order_by(Petition.campaign_id.desc(), Petition.opens_on, Petition.id)
    )
    return list(session.scalars(statement))
