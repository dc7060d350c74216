"""Letters that say nearly the same, too many at once to be by as many people: they wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, union_all, update

from petition.core.clock import hour_of
from petition.core.storage.database import rows_of, session
from petition.holds.actions import hold
from petition.holds.models import OF_A_PROGRAM, Hold, HoldCause
from petition.letters.drafting.own_words import ALIKE_FROM
from petition.letters.letter.models import Letter, LetterState, LikenessMark
from petition.outbox.origins import LETTER

BURST = 5
"""How many letters that say nearly the same, in this hour and the last, are too many to be by as
many people."""
BURST_TIME = timedelta(hours=1)
MOST_COMPARED = 200
"""How many letters are looked at that share a mark. Those of a burst are held from its fifth on, so
that a crowd of them need not be counted by each that joins it."""
_letters = rows_of(Letter)
_marks = rows_of(LikenessMark)


def is_one_of_a_burst(letter: Letter, at: datetime) -> bool:
    """Whether many letters of this hour say nearly the same.

    Those not yet sent are then held, but for those that a moderator has let go.
    """
    alike = _alike(letter, at)
    if len(alike) + 1 < BURST:
        return False
    released = select(Hold.letter_id).where(
        Hold.letter_id.in_(alike), Hold.accepted.is_(True), Hold.cause.not_in(OF_A_PROGRAM)
    )
    held = session.scalars(
        update(_letters)
        .where(
            _letters.c.id.in_(alike),
            _letters.c.state.in_([LetterState.QUEUED, LetterState.SENDING]),
            ~_letters.c.on_hold,
            _letters.c.id.not_in(released),
        )
        .values(on_hold=True)
        .returning(_letters.c.id)
    ).all()
    hold(LETTER, held, HoldCause.ALIKE, at)
    return True


def _alike(letter: Letter, at: datetime) -> Sequence[int]:
    """Return the letters of other writers that share enough marks."""
    mine = session.scalars(select(_marks.c.mark).where(_marks.c.letter_id == letter.id)).all()
    if not mine:
        return []
    sharing = union_all(
        *(select(_sharing(mark, letter, at).subquery()) for mark in mine)
    ).subquery()
    found = select(sharing.c.letter_id).group_by(sharing.c.letter_id)
    return session.scalars(found.having(func.count() >= ALIKE_FROM)).all()


def _sharing(mark: bytes, letter: Letter, at: datetime) -> Select[Any]:
    return (
        select(_marks.c.letter_id)
        .join(_letters, _letters.c.id == _marks.c.letter_id)
        .where(
            _marks.c.letter_campaign_id == letter.letter_campaign_id,
            _marks.c.mark == mark,
            _marks.c.letter_id != letter.id,
            _letters.c.supporter_tag != letter.supporter_tag,
            _letters.c.state != LetterState.AWAITING,
            _letters.c.confirmed_at >= hour_of(at - BURST_TIME),
        )
        .limit(MOST_COMPARED)
    )
