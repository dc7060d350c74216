"""Exports as a worker makes them."""

import threading
from datetime import timedelta

from petition.core.clock import now
from petition.core.storage.database import session
from petition.exports.models import Export, ExportState
from petition.exports.writing.making import kinds
from petition.jobs import files
from petition.worker.jobs import JobDesk
from tests.faults.visitors import wait_until

KEPT = timedelta(hours=24)


def work_off() -> None:
    """Do every job that somebody asked for."""
    desk = JobDesk("the test", kinds(KEPT), threading.Event())
    while desk.do_one():
        pass


def as_recorded(export: Export) -> Export:
    """Return the record as it is now."""
    found = session.get_one(Export, export.id, populate_existing=True)
    session.commit()
    return found


def is_made(export: Export) -> bool:
    """Whether nobody is at it any more."""
    return as_recorded(export).state_at(now()) is not ExportState.MAKING


def made(export: Export) -> bytes:
    """Let a worker make the file, the site's own where one runs, and return it."""
    work_off()
    wait_until(lambda: is_made(export), "the export is not made")
    file = as_recorded(export).file
    assert file is not None
    whole = b"".join(files.read(file))
    session.commit()
    return whole
