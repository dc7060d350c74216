"""A letter's way: which steps are lawful, and what each of them sets.

Triggers in the migrations let no other step pass and note each; a test holds them to `WAYS`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, update

from petition.core.clock import hour_of
from petition.core.storage.database import rows_of
from petition.letters.letter.models import Letter, LetterState

WAYS: dict[LetterState, frozenset[LetterState]] = {
    LetterState.DRAFTED: frozenset({LetterState.AWAITING}),
    LetterState.AWAITING: frozenset({LetterState.QUEUED}),
    LetterState.QUEUED: frozenset({LetterState.SENDING, LetterState.STOPPED}),
    LetterState.SENDING: frozenset(
        {LetterState.QUEUED, LetterState.SENT, LetterState.FAILED, LetterState.UNKNOWN}
    ),
    LetterState.SENT: frozenset({LetterState.BOUNCED}),
    LetterState.BOUNCED: frozenset(),
    LetterState.FAILED: frozenset({LetterState.QUEUED}),
    LetterState.UNKNOWN: frozenset(
        {LetterState.QUEUED, LetterState.SENT, LetterState.BOUNCED, LetterState.STOPPED}
    ),
    LetterState.STOPPED: frozenset({LetterState.QUEUED}),
}
"""Where a letter may go from each state."""
_letters = rows_of(Letter)
KEPT: Any = object()
"""In a step's place of a value: what the letter has stays."""


def move(
    which: ColumnElement[bool],
    before: Collection[LetterState],
    after: LetterState,
    at: datetime,
    *,
    organiser_id: int | None = None,
    **more: object,
) -> Update:
    """Return the statement that moves letters on which are in one of these states.

    They belong to no batch then, and are due at once, unless `more` says otherwise. Only an
    organiser's step is noted to the moment: it tells of no writer. Raises ValueError for a step
    that is none of `WAYS`.
    """
    if unlawful := [state for state in before if after not in WAYS[state]]:
        raise ValueError(f"no letter goes from {', '.join(unlawful)} to {after}")
    values = {
        "state": after,
        "changed_at": at if organiser_id else hour_of(at),
        "changed_by": organiser_id,
        "claimed_by": None,
        "due_at": hour_of(at),
        **({"sent_at": hour_of(at)} if after == LetterState.SENT else {}),
        **more,
    }
    given = {name: value for name, value in values.items() if value is not KEPT}
    return update(_letters).where(which, _letters.c.state.in_(before)).values(given)
