"""A worker makes an export: recorded when it was asked for, and with its sum when it is whole."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports import actions
from petition.exports.changes import corrections
from petition.exports.models import Contents, Export, ExportState
from petition.exports.queries import may_download
from petition.jobs import files
from petition.jobs.models import FilePiece
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.models import Signature
from tests.factories import NOON, make_ask, make_organiser, rows, signed, spoil
from tests.grounds.exporting import KEPT, as_recorded, made, work_off


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def begin(ask: Ask) -> Export:
    """Ask for an export."""
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", Contents(), now())


def state(export: Export) -> ExportState:
    """Return what there is of its file."""
    return as_recorded(export).state_at(now())


def test_an_export_is_recorded_when_asked_for_and_has_its_sum_when_whole(ask: Ask) -> None:
    for _ in range(3):
        signed(ask)
    export = begin(ask)
    assert (export.finished_at, export.sha256, export.row_count) == (None, None, None)
    assert state(export) is ExportState.MAKING
    content = made(export)

    record = as_recorded(export)
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert (record.row_count, record.why) == (3, "To hand over")
    assert record.finished_at is not None
    assert state(export) is ExportState.READY


def test_its_file_is_gone_when_its_time_is_up_and_the_record_stays(ask: Ask) -> None:
    export = begin(ask)
    made(export)
    assert as_recorded(export).state_at(now() + KEPT) is ExportState.GONE
    with transaction():
        files.purge(now() + KEPT)

    assert (state(export), rows(FilePiece)) == (ExportState.GONE, 0)
    assert as_recorded(export).sha256 is not None


def test_what_came_while_the_export_waited_for_a_worker_is_corrected_too(
    ask: Ask, clock: time_machine.Traveller
) -> None:
    export = begin(ask)
    clock.shift(timedelta(hours=2))
    late, _ = signed(ask)
    clock.shift(timedelta(hours=2))
    assert str(late.id).encode() in made(export)
    clock.shift(timedelta(hours=2))
    with transaction():
        removals.erase(session.get_one(Signature, late.id), now())

    assert corrections(as_recorded(export)) == [late.id]
    session.commit()


def test_a_cancelled_export_is_not_made(ask: Ask) -> None:
    export = begin(ask)
    with transaction():
        assert actions.cancel(export, export.organiser_id, now())
    work_off()

    assert (state(export), rows(FilePiece)) == (ExportState.CANCELLED, 0)
    with transaction():
        assert not actions.cancel(export, export.organiser_id, now())


def test_one_that_is_whole_cannot_be_cancelled_any_more(ask: Ask) -> None:
    export = begin(ask)
    made(export)
    with transaction():
        assert not actions.cancel(export, export.organiser_id, now())

    assert state(export) is ExportState.READY


def test_a_record_of_before_files_were_kept_says_whether_it_left(ask: Ask) -> None:
    export = begin(ask)
    made(export)
    with transaction():
        old = session.get_one(Export, export.id)
        old.job_id = None
    assert state(export) is ExportState.TAKEN
    with transaction():
        old = session.get_one(Export, export.id)
        old.finished_at = old.sha256 = old.row_count = None

    assert state(export) is ExportState.BROKEN_OFF


def test_rows_that_do_not_open_are_counted_and_logged(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    signed(ask)
    signed(ask)
    spoil(Signature)
    export = begin(ask)
    made(export)

    assert (as_recorded(export).row_count, as_recorded(export).unreadable_count) == (2, 1)
    assert "rows of an export do not open" in caplog.text


def test_it_is_let_go_in_the_session_whose_code_was_right_and_for_an_hour(ask: Ask) -> None:
    export, at = begin(ask), now()
    with transaction():
        actions.let_download(export, export.organiser_id, b"session", at)

    assert may_download(export, b"session", at + timedelta(minutes=59))
    assert not may_download(export, b"session", at + timedelta(minutes=61))
    assert not may_download(export, b"another", at)
