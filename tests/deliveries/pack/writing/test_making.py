"""A worker makes the pack of a delivery: what counts is in it once, and nothing else is."""

import csv
import hashlib
import io
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.models import StepKind
from petition.deliveries.pack import actions
from petition.deliveries.pack.archive import MANIFEST
from petition.deliveries.pack.keys import signing_key
from petition.deliveries.pack.manifest import Manifest
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.verify import shown
from petition.deliveries.pack.writing.making import kinds
from petition.deliveries.pack.writing.tables import TABLE, WORKBOOK
from petition.holds.models import HoldCause
from petition.jobs import actions as jobs
from petition.jobs import files
from petition.jobs.models import FilePiece, FileState
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.models import Signature
from petition.worker.jobs import JobDesk
from tests.deliveries.making import found, go_on, organiser, planned
from tests.deliveries.pack.asking import (
    KEPT,
    SITE,
    as_recorded,
    asked,
    made,
    records,
    verified,
    work_off,
)
from tests.deliveries.pack.packs import unpacked
from tests.factories import NOON, make_ask, rows, sign, signed, signer, spoil
from tests.grounds.workbooks import read_workbook


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


@pytest.fixture
def delivery(ask: Ask) -> int:
    """A delivery of its signatures, planned to hold those of today."""
    return planned(organiser())


def state(pack: DeliveryPack) -> FileState:
    """Return what there is of its file."""
    return as_recorded(pack).state_at(now())


def names(octets: bytes) -> list[str | None]:
    """Return the names in a pack, in their order."""
    return [record.get("name") for record in records(octets)]


def test_it_holds_each_signature_that_counts_once_and_is_signed_by_this_install(
    ask: Ask, delivery: int, clock: time_machine.Traveller
) -> None:
    signed(ask, signer(name="Ada One", country="CA"))
    signed(ask, signer(name="Held Back"), hold=HoldCause.NETWORK)
    sign(ask, signer(name="Not Confirmed"))
    gone, _ = signed(ask, signer(name="Was Withdrawn"))
    with transaction():
        removals.withdraw(session.get_one(Signature, gone.id), now())
    signed(ask, signer(name="Bo Two"))
    clock.shift(timedelta(days=1))
    signed(ask, signer(name="Too Late"))
    pack = asked(delivery, organiser())
    content = made(pack)

    assert verified(content).status == 0
    assert names(content) == ["Ada One", "Bo Two"]
    assert records(content)[0] == {
        "number": 1,
        "country": "CA",
        "language": "en",
        "version": 1,
        "week": "2026-W47",
        "name": "Ada One",
    }
    whole = b"".join(unpacked(content).values())
    assert not [word for word in (b"Held", b"Confirmed", b"Withdrawn", b"Late") if word in whole]


def test_the_record_has_the_root_the_sum_and_the_key(ask: Ask, delivery: int) -> None:
    signed(ask)
    pack = asked(delivery, organiser())
    content = made(pack)
    record, manifest = as_recorded(pack), Manifest.from_bytes(unpacked(content)[MANIFEST])

    assert state(pack) is FileState.READY
    assert (record.row_count, record.root) == (1, manifest.tree.root)
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert record.signed_under == shown(signing_key().public.key_id)
    assert manifest.cut_off == NOON
    assert [(text.language, text.version, text.signatures) for text in manifest.texts] == [
        ("en", 1, 1)
    ]
    assert ask.source.encode() in unpacked(content)["texts/en-1.txt"]


def test_whoever_withdraws_before_it_is_made_is_not_in_it(ask: Ask, delivery: int) -> None:
    signed(ask, signer(name="Ada One"))
    leaving, _ = signed(ask, signer(name="Bo Two"))
    pack = asked(delivery, organiser())
    with transaction():
        removals.withdraw(session.get_one(Signature, leaving.id), now())

    assert names(made(pack)) == ["Ada One"]


def test_whoever_withdraws_while_it_is_made_changes_nothing_half_way(
    ask: Ask, delivery: int
) -> None:
    signed(ask, signer(name="Ada One"))
    leaving, _ = signed(ask, signer(name="Bo Two"))
    pack = asked(delivery, organiser())
    work = kinds(KEPT, SITE)["pack"](pack.job_id)
    session.commit()
    steps = work.run()
    begun = next(steps)
    with transaction():
        removals.withdraw(session.get_one(Signature, leaving.id), now())
    content = b"".join([begun.data, *(step.data for step in steps)])

    assert verified(content).status == 0
    assert names(content) == ["Ada One", "Bo Two"]


def test_a_pack_of_counts_has_no_name_in_any_of_its_bytes(ask: Ask, delivery: int) -> None:
    signed(ask, signer(name="Nadia Zweig"))
    content = made(asked(delivery, organiser(), Tier.COUNTS))

    assert verified(content).status == 0
    assert b"Nadia" not in content
    assert b"Zweig" not in content
    assert records(content)[0].keys() == {"number", "country", "language", "version", "week"}
    assert unpacked(content)[TABLE].decode("utf-8-sig").splitlines()[0] == (
        "number,country,language,version,week"
    )


def test_no_pack_has_an_address(ask: Ask, delivery: int) -> None:
    signed(ask, signer("ada.one@example.org"))

    assert b"ada.one@" not in made(asked(delivery, organiser()))


def test_its_table_says_the_same_and_no_spreadsheet_runs_it(ask: Ask, delivery: int) -> None:
    signed(ask, signer(name="=Ada, One"))
    signed(ask, signer(name="李小龙"))
    text = unpacked(made(asked(delivery, organiser())))[TABLE]
    assert text.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))

    assert lines == [
        ["number", "name", "country", "language", "version", "week"],
        ["1", "'=Ada, One", "GB", "en", "1", "2026-W47"],
        ["2", "李小龙", "GB", "en", "1", "2026-W47"],
    ]


def test_its_workbook_says_the_same_and_a_pack_of_counts_has_none(ask: Ask, delivery: int) -> None:
    signed(ask, signer(name="=Ada, One"))
    files = unpacked(made(asked(delivery, organiser())))

    assert read_workbook(files[WORKBOOK])["Signatures"][1:] == [
        ["1", "=Ada, One", "GB", "en", "1", "2026-W47"]
    ]
    assert WORKBOOK not in unpacked(made(asked(delivery, organiser(), Tier.COUNTS)))


def test_what_does_not_open_costs_a_name_and_is_logged(
    ask: Ask, delivery: int, caplog: pytest.LogCaptureFixture
) -> None:
    signed(ask, signer(name="Ada One"))
    signed(ask)
    spoil(Signature)
    content = made(asked(delivery, organiser()))

    assert verified(content).status == 0
    assert names(content) == ["Ada One", None]
    assert "rows of a pack do not open" in caplog.text


def test_the_delivery_is_packed_once_its_pack_is_whole(ask: Ask, delivery: int) -> None:
    pack = asked(delivery, organiser())
    assert [step.kind for step in found(delivery).steps] == [StepKind.PLANNED]
    session.commit()
    made(pack)
    made(asked(delivery, organiser()))

    assert [step.kind for step in found(delivery).steps] == [StepKind.PLANNED, StepKind.PACKED]
    session.commit()


def test_one_that_was_handed_over_already_is_not_packed_again(ask: Ask, delivery: int) -> None:
    go_on(delivery, StepKind.HANDED_OVER, organiser())
    made(asked(delivery, organiser()))

    assert found(delivery).steps[-1].kind is StepKind.HANDED_OVER
    session.commit()


def test_a_cancelled_pack_is_not_made(ask: Ask, delivery: int) -> None:
    pack = asked(delivery, organiser())
    with transaction():
        assert actions.cancel(pack, pack.organiser_id, now())
    work_off()

    assert (state(pack), rows(FilePiece)) == (FileState.CANCELLED, 0)
    assert found(delivery).steps[-1].kind is StepKind.PLANNED
    session.commit()


def test_one_that_is_whole_cannot_be_cancelled_any_more(ask: Ask, delivery: int) -> None:
    pack = asked(delivery, organiser())
    made(pack)
    with transaction():
        assert not actions.cancel(pack, pack.organiser_id, now())

    assert state(pack) is FileState.READY


def test_a_pack_cannot_say_what_we_do_not_hold(ask: Ask, delivery: int) -> None:
    with pytest.raises(ValueError, match="we do not hold"):
        asked(delivery, organiser(), Tier.ADDRESSES)


def test_a_worker_that_stops_in_good_order_leaves_it_to_another(ask: Ask, delivery: int) -> None:
    signed(ask, signer(name="Ada One"))
    pack, stopped = asked(delivery, organiser()), threading.Event()
    stopped.set()
    JobDesk("one", kinds(KEPT, SITE), stopped).do_one()
    assert (state(pack), rows(FilePiece)) == (FileState.MAKING, 0)

    assert names(made(pack)) == ["Ada One"]


def test_one_whose_worker_died_is_begun_again_by_another(ask: Ask, delivery: int) -> None:
    signed(ask, signer(name="Ada One"))
    pack = asked(delivery, organiser())
    with transaction():
        claim = jobs.claim("dead", ["pack"], now())
        assert claim is not None
        files.FileInMaking(claim).begin()
    content = made(pack)

    assert verified(content).status == 0
    assert names(content) == ["Ada One"]
