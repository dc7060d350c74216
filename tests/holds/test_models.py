"""What the database itself holds about what waits for a moderator."""

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from petition.core.storage.database import transaction
from petition.holds.actions import close, hold
from petition.holds.models import Hold, HoldCause
from petition.letters.letter.models import Letter
from petition.outbox.origins import LETTER, SIGNATURE
from petition.signatures.models import Signature
from tests.factories import NOON, make_ask, make_organiser, newest_signature, rows, sign
from tests.letters.posting import awaiting, newest_letter


@pytest.fixture
def things(database: str) -> dict[str, int]:
    """The numbers of a signature and a letter that wait, by their kind."""
    sign(make_ask())
    awaiting()
    found = {SIGNATURE: newest_signature().id, LETTER: newest_letter().id}
    with transaction():
        for kind, number in found.items():
            hold(kind, [number], HoldCause.NETWORK, NOON)
    return found


@pytest.mark.parametrize("model", [Signature, Letter])
@pytest.mark.usefixtures("things")
def test_what_is_erased_takes_its_holds_along(model: type[Signature | Letter]) -> None:
    with transaction() as writing:
        writing.execute(delete(model))

    assert rows(Hold) == 1


@pytest.mark.parametrize("kind", [SIGNATURE, LETTER])
def test_a_thing_waits_for_one_cause_at_once_and_may_wait_again(
    kind: str, things: dict[str, int]
) -> None:
    number, moderator = things[kind], make_organiser().id
    with pytest.raises(IntegrityError), transaction():
        hold(kind, [number], HoldCause.ALIKE, NOON)
    with transaction():
        close(kind, number, moderator, NOON, accepted=True)
        hold(kind, [number], HoldCause.RESTORED, NOON)

    assert rows(Hold) == 3


@pytest.mark.usefixtures("things")
def test_a_hold_is_closed_with_a_verdict() -> None:
    with pytest.raises(IntegrityError, match="closed_with_a_verdict"), transaction() as writing:
        writing.query(Hold).update({"closed_at": NOON})
