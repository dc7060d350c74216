"""A notice that was sent closes its records, and no other can name them once more."""

from collections.abc import Iterator

import pytest
import time_machine

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.models import StepKind
from petition.deliveries.striking.actions import note_sent
from petition.deliveries.striking.models import Sent
from petition.deliveries.striking.withdrawals import Withdrawals, withdrawals_of
from petition.signatures import removals
from petition.signatures.models import Signature
from tests.deliveries.making import TODAY, found, go_on, organiser, planned
from tests.deliveries.pack.asking import asked, made
from tests.factories import NOON, make_ask, signed, signer

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.any_database]
SENT = Sent("The registry", "Sample Coalition")


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def about(delivery: int) -> Withdrawals:
    """Return what is to be struck."""
    left = withdrawals_of(found(delivery))
    assert left is not None
    return left


def test_each_record_is_in_one_notice_and_stays_among_those_who_left() -> None:
    ask, by = make_ask(), organiser()
    leaving = [signed(ask, signer(f"s{n}@example.org"))[0].id for n in range(2)]
    delivery = planned(by)
    pack = asked(delivery, by)
    made(pack)
    go_on(delivery, StepKind.HANDED_OVER, by, signature_count=2, pack_id=pack.id)
    for signature in leaving:
        with transaction():
            removals.erase(session.get_one(Signature, signature), now())
    with transaction():
        note_sent(about(delivery), [2], TODAY, SENT, by, now())
    left = about(delivery)

    assert [one.record for one in left.records] == [1, 2]
    assert [one.record for one in left.open] == [1]
    assert [(one.records, one.sent) for one in left.notices] == [([2], SENT)]
    for wrong in ([2], [1, 2], [3], []):
        with pytest.raises(ValueError, match="not told yet"):
            note_sent(left, wrong, TODAY, SENT, by, now())
    session.rollback()
