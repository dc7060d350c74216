"""Whoever looks for mail that waits reads none of what was sent: that is kept for a month."""

from collections.abc import Callable
from datetime import datetime

import pytest

from petition.core.storage.database import transaction
from petition.outbox import actions
from petition.outbox.clock_back import make_due
from petition.outbox.queries import due_since, waiting
from tests.factories import NOON
from tests.grounds.plans import read_whole
from tests.outbox.mails import claim, post

pytestmark = pytest.mark.usefixtures("database")


def within(work: Callable[[datetime], object]) -> None:
    """Do it in a transaction."""
    with transaction():
        work(NOON)


@pytest.mark.parametrize(
    "look",
    [
        lambda: claim("w2"),
        waiting,
        lambda: due_since(NOON, 1_000),
        lambda: within(make_due),
        lambda: within(actions.purge),
    ],
    ids=["to send", "to count", "for the longest wait", "after the clock went back", "to purge"],
)
def test_what_was_sent_is_not_read(look: Callable[[], object]) -> None:
    post()
    taken = claim("w1")
    with transaction():
        actions.sent(taken, NOON)

    assert "outbox_mail" not in read_whole(look)
