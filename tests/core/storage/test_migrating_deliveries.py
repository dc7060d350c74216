"""The words of a retraction may go since a migration, and before it they stay."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from petition.core.storage.database import session, transaction
from petition.core.storage.migrating import upgrade
from petition.deliveries.models import StepKind
from tests.core.storage.migrations import back_to, differences
from tests.deliveries.making import found, go_on, handed_over, organiser
from tests.factories import NOON, load_sample

EMPTY_IT = "UPDATE delivery_step SET words = NULL, emptied_at = recorded_at WHERE number = {}"


def empty(step: int) -> None:
    """Remove the words of a step, past every verb of ours."""
    with transaction() as writing:
        writing.execute(text(EMPTY_IT.format(step)))


@pytest.mark.usefixtures("own_database")
def test_the_words_of_a_retraction_go_and_stay_gone_on_the_way_back() -> None:
    load_sample(NOON)
    who = organiser()
    number = handed_over(who)
    for _time in range(2):
        go_on(number, StepKind.RETRACTED, who)
        go_on(number, StepKind.HANDED_OVER, who)
    empty(3)
    back_to("0039")
    with pytest.raises(IntegrityError, match="delivery_step_never_changes"):
        empty(5)
    upgrade()

    empty(5)
    with pytest.raises(IntegrityError, match="delivery_step_never_changes"):
        empty(1)
    assert [step.words for step in found(number).steps if step.retracts] == [None, None]
    assert differences() == []
    session.remove()
