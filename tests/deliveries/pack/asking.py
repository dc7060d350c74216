"""Packs as a worker makes them of a delivery."""

import io
import json
import threading
from datetime import timedelta
from typing import Any

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.pack import actions
from petition.deliveries.pack.keys import public_keys
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.verify import ROWS, Findings, check
from petition.deliveries.pack.writing.about import Site
from petition.deliveries.pack.writing.making import kinds
from petition.deliveries.queries import delivery_by_number
from petition.jobs import files
from petition.worker.jobs import JobDesk
from tests.deliveries.pack.packs import unpacked

KEPT = timedelta(hours=24)
SITE = Site("Sample Month", "https://petition.example.org")


def work_off() -> None:
    """Make every pack that somebody asked for."""
    desk = JobDesk("the test", kinds(KEPT, SITE), threading.Event())
    while desk.do_one():
        pass


def asked(delivery: int, organiser_id: int, tier: Tier = Tier.NAMES) -> DeliveryPack:
    """Ask for a pack."""
    with transaction():
        found = delivery_by_number(delivery)
        assert found is not None
        return actions.ask(found, organiser_id, tier, now())


def as_recorded(pack: DeliveryPack) -> DeliveryPack:
    """Return the record as it is now."""
    found = session.get_one(DeliveryPack, pack.id, populate_existing=True)
    session.commit()
    return found


def made(pack: DeliveryPack) -> bytes:
    """Let a worker make the file, and return it."""
    work_off()
    file = as_recorded(pack).file
    assert file is not None
    whole = b"".join(files.read(file))
    session.commit()
    return whole


def verified(octets: bytes) -> Findings:
    """Check a pack under the keys of this install."""
    return check(io.BytesIO(octets), {key.key_id: key.octets for key in public_keys()})


def records(octets: bytes) -> list[dict[str, Any]]:
    """Return the records in a pack."""
    return [json.loads(row)["record"] for row in unpacked(octets)[ROWS].splitlines()]
