"""A letter goes the ways that stand in one place, and the database lets it go no other."""

from contextlib import suppress

import pytest
from sqlalchemy import true, update
from sqlalchemy.exc import DatabaseError

from petition.core.storage.database import session, transaction
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.states import WAYS, move
from tests.factories import NOON
from tests.letters.posting import awaiting

WHATEVER_A_STATE_NEEDS = {"claimed_by": "x", "sent_at": NOON, "confirmed_at": NOON}


class Undone(Exception):
    """Takes a letter back to where it was."""


def way_to(state: LetterState) -> list[LetterState]:
    """Return the shortest way that leads a letter from its confirmation to a state."""
    ways = [[LetterState.AWAITING]]
    while ways[0][-1] != state:
        first = ways.pop(0)
        ways += [[*first, after] for after in sorted(WAYS[first[-1]]) if after not in first]
    return ways[0][1:]


def may_go(way: list[LetterState]) -> bool:
    """Whether the database lets the only letter go this way; it is back at the start then."""
    try:
        with suppress(Undone), transaction() as writing:
            for state in way:
                values = {"state": state, **WHATEVER_A_STATE_NEEDS}
                writing.execute(update(Letter).values(values))
            raise Undone
    except DatabaseError as error:
        if "letter_goes_its_way" not in str(error):
            raise
        return False
    return True


@pytest.mark.usefixtures("database")
def test_the_database_lets_a_letter_go_these_ways_and_no_other() -> None:
    awaiting()
    lasting = [state for state in LetterState if state != LetterState.DRAFTED]
    found = {
        before: {after for after in lasting if after != before and may_go([*way_to(before), after])}
        for before in lasting
    }

    assert found == {before: set(WAYS[before]) for before in lasting}
    session.commit()


def test_a_step_that_is_none_of_them_is_not_even_tried() -> None:
    with pytest.raises(ValueError, match="no letter goes from sent to queued"):
        move(true(), {LetterState.SENT}, LetterState.QUEUED, NOON)
