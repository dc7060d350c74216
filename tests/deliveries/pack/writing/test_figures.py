"""What became of a petition's other signatures is counted, each under what it is."""

from datetime import timedelta

import pytest
import time_machine

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.core.storage.long_reads import one_snapshot
from petition.deliveries.pack.writing.figures import Figures, figures
from petition.holds.models import HoldCause
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.models import Signature
from tests.factories import (
    NOON,
    OTHER_SLUG,
    make_ask,
    make_organiser,
    newest_signature,
    sign,
    signed,
)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def found(ask: Ask) -> Figures:
    """Return the figures as they are now."""
    session.commit()
    with one_snapshot() as connection:
        return figures(connection, ask.petition_id)


def test_each_signature_that_is_in_no_pack_is_counted_once(ask: Ask) -> None:
    with time_machine.travel(NOON, tick=False):
        organiser = make_organiser().id
        gone, struck, erased = (signed(ask)[0].id for _ in range(3))
        signed(ask)
        signed(ask, hold=HoldCause.NETWORK)
        signed(make_ask(OTHER_SLUG), hold=HoldCause.MAIL_DOMAIN)
        sign(ask)
        late = newest_signature().id
        sign(ask, hold=HoldCause.TOO_FAST)
        with transaction():
            removals.withdraw(session.get_one(Signature, gone), now())
            removals.invalidate(session.get_one(Signature, struck), organiser, "why", now())
            for number in (erased, late):
                removals.erase(session.get_one(Signature, number), now() + timedelta(hours=1))

    assert found(ask) == Figures(
        waiting=1,
        never_confirmed=1,
        withdrawn=1,
        erased=1,
        invalidated=1,
        on_hold=1,
        held={HoldCause.NETWORK: 1, HoldCause.TOO_FAST: 1},
    )


def test_a_petition_that_nobody_signed_has_none(ask: Ask) -> None:
    assert found(ask) == Figures(0, 0, 0, 0, 0, 0, {})
