"""What a moderator decides about a letter is noted, and what they decide last holds."""

import pytest
from sqlalchemy import select

from petition.core.storage.database import session, transaction
from petition.holds.models import Hold, HoldCause
from petition.letters import decisions
from petition.letters.decisions import Decision
from petition.letters.letter.models import Letter
from tests.factories import NOON, make_organiser
from tests.letters.posting import confirm, finished, hand_in, newest_letter

pytestmark = pytest.mark.usefixtures("database")


def test_a_letter_that_was_stopped_on_hold_and_is_resumed_was_let_go_by_a_moderator() -> None:
    confirm(hand_in(finished(), hold=HoldCause.ALIKE))
    moderator = make_organiser().id
    with transaction() as writing:
        letter = writing.get_one(Letter, newest_letter().id)
        decisions.decide(letter, Decision.STOP, moderator, NOON)
        decisions.resume(letter, moderator, NOON)

    assert session.scalars(select(Hold.accepted)).all() == [True]
    session.commit()
