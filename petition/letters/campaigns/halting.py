"""The kill switch of a letter campaign: pressed, released, and remembered. None of it commits.

Each verb wants the letter campaign locked, `queries.letter_campaign_to_change`.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from petition.core.storage.database import session
from petition.letters.campaigns.models import LetterCampaign, LetterHalt


class PastHalt(NamedTuple):
    """A halt that is over."""

    stopped_at: datetime
    stopped_by: int
    resumed_at: datetime
    resumed_by: int

    @property
    def organisers(self) -> tuple[int, int]:
        """The numbers of those who made it begin and end."""
        return self.stopped_by, self.resumed_by


def halt(letter_campaign: LetterCampaign, organiser_id: int, at: datetime) -> LetterHalt | None:
    """Let nothing leave any more. Returns the halt of whoever did so before, if there is one."""
    before = letter_campaign.halt
    if before is None:
        session.add(
            LetterHalt(
                letter_campaign_id=letter_campaign.id, stopped_at=at, stopped_by=organiser_id
            )
        )
        _flush(letter_campaign)
    return before


def resume(letter_campaign: LetterCampaign, organiser_id: int, at: datetime) -> bool:
    """Let letters leave again. Returns whether anything kept them."""
    halt = letter_campaign.halt
    if halt is None:
        return False
    halt.resume(organiser_id, at)
    _flush(letter_campaign)
    return True


def _flush(letter_campaign: LetterCampaign) -> None:
    session.flush()
    session.expire(letter_campaign, ["halt"])


def is_halted(letter_campaign_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return the condition that nothing of the letter campaign with this number leaves."""
    return exists().where(
        LetterHalt.letter_campaign_id == letter_campaign_id, LetterHalt.resumed_at.is_(None)
    )


def past_halts(letter_campaign_id: int) -> list[PastHalt]:
    """Return the halts that are over, the newest first."""
    found = session.execute(
        select(
            LetterHalt.stopped_at,
            LetterHalt.stopped_by,
            LetterHalt.resumed_at,
            LetterHalt.resumed_by,
        )
        .where(
            LetterHalt.letter_campaign_id == letter_campaign_id, LetterHalt.resumed_at.is_not(None)
        )
        .order_by(LetterHalt.id.desc())
    )
    return [PastHalt._make(row) for row in found]
