"""News of a delivery of the loaded sample, as a worker mails them."""

import threading
from functools import partial

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries import telling
from petition.deliveries.queries import delivery_to_change
from petition.links.letterhead import Letterhead
from petition.outbox import claiming
from petition.outbox.actions import Claim
from petition.updates.mailing import kinds
from petition.updates.models import Update, UpdateKind
from petition.worker.jobs import JobDesk

HEADS = partial(Letterhead, "Magnitsky Month", "http://localhost")


def told(delivery: int, organiser_id: int, kind: UpdateKind = UpdateKind.HANDED_OVER) -> Update:
    """Have the signers told of a delivery."""
    with transaction():
        found = delivery_to_change(delivery)
        assert found is not None
        update = telling.tell(found, kind, organiser_id, now())
    return as_recorded(update)


def as_recorded(update: Update) -> Update:
    """Return the record as it is now."""
    found = session.get_one(Update, update.id, populate_existing=True)
    session.commit()
    session.expunge(found)
    return found


def desk(stopped: threading.Event | None = None) -> JobDesk:
    """Return the desk of a worker that writes news."""
    return JobDesk("the test", kinds(HEADS), stopped or threading.Event())


def work_off() -> None:
    """Write all news that somebody asked for."""
    writer = desk()
    while writer.do_one():
        pass


def news() -> list[Claim]:
    """Claim all news that wait."""
    with transaction():
        return claiming.claim_news("the test", now(), most=1_000)
