"""The CSV export: every signature once, safe to open."""

import csv
import io
import tracemalloc
from datetime import datetime, timedelta, timezone

import pytest

from petition.core.clock import now
from petition.core.keyring.sealing import Sealed, seal
from petition.core.storage.database import rows_of, session, transaction
from petition.exports import actions
from petition.exports.changes import corrections
from petition.exports.models import Contents, Export, ExportScope
from petition.exports.queries import exports_of
from petition.exports.rows import OF_ONE_PETITION, Count
from petition.exports.writing.csv import pieces
from petition.holds.models import HoldCause
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.models import Signature, SignatureState, Visibility
from petition.signatures.persons import person_context, sealed_anew
from tests.factories import (
    NOON,
    OTHER_SLUG,
    make_ask,
    make_organiser,
    newest_signature,
    sign,
    signed,
    signer,
    spoil,
)
from tests.grounds.exporting import made


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(
    ask: Ask, scope: ExportScope = ExportScope.CONFIRMED, at: datetime | None = None
) -> Export:
    """Record that an export is being made."""
    organiser = make_organiser().id
    with transaction():
        return actions.begin(
            ask.petition_id, organiser, "To hand over", Contents(scope), at or now()
        )


def read(content: bytes) -> list[dict[str, str]]:
    """Read a file as a spreadsheet does."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_signature_is_one_row_in_the_words_of_the_design(ask: Ask) -> None:
    who = signer(
        "nadia@example.org",
        name="Zoë Sample",
        visibility=Visibility.FIRST_NAME,
        mail_allowed=True,
        reason='Because, "so"\nand so',
    )
    moment = NOON + timedelta(minutes=34, seconds=56)
    signature, _ = signed(ask, who, at=moment, source="poster")
    content = made(begin(ask))

    assert content.startswith(b"\xef\xbb\xbfsignature,state,")
    assert content.endswith(b"\r\n")
    assert read(content) == [
        {
            "signature": str(signature.id),
            "state": "confirmed",
            "on_hold": "no",
            "name": "Zoë Sample",
            "email": "nadia@example.org",
            "country": "GB",
            "postcode": "",
            "reason": 'Because, "so"\nand so',
            "visibility": "first_name",
            "language": "en",
            "petition_version": "1",
            "text_language": "en",
            "signed_at": "2026-11-20T12:34:56Z",
            "confirmed_at": "2026-11-20T12:34:56Z",
            "mail_question": ask.mail_question,
            "mail_allowed": "yes",
            "mail_answered_at": "2026-11-20T12:34:56Z",
            "source": "poster",
        }
    ]


def test_it_holds_what_counts_and_everything_when_asked(ask: Ask) -> None:
    counted, _ = signed(ask)
    held, _ = signed(ask, hold=HoldCause.NETWORK)
    withdrawn, _ = signed(ask)
    with transaction():
        removals.withdraw(session.get_one(Signature, withdrawn.id), now())
    sign(ask)
    pending = newest_signature()
    signed(make_ask(OTHER_SLUG))

    assert [row["signature"] for row in read(made(begin(ask)))] == [str(counted.id)]
    everything = read(made(begin(ask, ExportScope.EVERYTHING)))
    assert [(row["signature"], row["state"], row["on_hold"]) for row in everything] == [
        (str(counted.id), "confirmed", "no"),
        (str(held.id), "confirmed", "yes"),
        (str(pending.id), "pending", "no"),
    ]


def test_a_petition_without_signatures_is_a_file_of_columns(ask: Ask) -> None:
    content = made(begin(ask))

    assert content.decode("utf-8-sig") == ",".join(OF_ONE_PETITION) + "\r\n"


def test_the_file_is_one_snapshot(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petition.exports.rows.CHUNK_ROWS", 1)
    first, _ = signed(ask)
    second, _ = signed(ask)
    written = pieces(begin(ask), Count())
    begun = next(written) + next(written)
    signed(ask)
    with transaction():
        removals.withdraw(session.get_one(Signature, second.id), now())
    rows = read(begun + b"".join(written))

    assert [row["signature"] for row in rows] == [str(first.id), str(second.id)]


def test_what_left_after_an_export_is_to_be_corrected(ask: Ask) -> None:
    before, _ = signed(ask, at=NOON)
    stays, _ = signed(ask, at=NOON)
    gone_before, _ = signed(ask, at=NOON)
    with transaction():
        removals.withdraw(session.get_one(Signature, gone_before.id), NOON + timedelta(minutes=30))
    export = begin(ask, at=NOON + timedelta(hours=2))
    after, _ = signed(ask, at=NOON + timedelta(hours=3))
    for gone in (before, after):
        with transaction():
            removals.erase(session.get_one(Signature, gone.id), NOON + timedelta(hours=4))

    assert corrections(export) == [before.id]
    assert exports_of(ask.petition_id)[0].id == export.id
    assert stays.state == SignatureState.CONFIRMED
    session.commit()


def multiply(signature: Signature, numbers: range) -> None:
    """Store copies of a signature, each sealed for its own place."""
    table = rows_of(Signature)
    row = {name: getattr(signature, name) for name in table.columns.keys() if name != "id"}  # noqa: SIM118
    opened, copies = signature.opened(), []
    for number in numbers:
        tag = number.to_bytes(32, "big")
        sealed = opened.seal(tag)
        box = {"supporter_tag": tag, "person": sealed.box, "person_key": sealed.key_id}
        copies.append(row | box)
    with transaction() as writing:
        writing.execute(table.insert(), copies)


def peak_of(export: Export) -> int:
    """Return the most memory that making the file takes, in bytes."""
    tracemalloc.start()
    for _piece in pieces(export, Count()):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.slow("writes thousands of rows")
def test_memory_does_not_grow_with_the_file(ask: Ask) -> None:
    signature, _ = signed(ask, signer(reason="x" * 400))
    multiply(signature, range(1, 4_000))
    small = peak_of(begin(ask))
    multiply(signature, range(4_000, 12_000))

    assert peak_of(begin(ask)) < small * 1.2


def test_a_row_that_does_not_open_has_its_number_and_costs_no_other(ask: Ask) -> None:
    names = ("Ada One", "Bea Two", "Cleo Three")
    numbers = [signed(ask, signer(name=name, reason="Because"))[0].id for name in names]
    spoil(Signature, number=numbers[1])
    export = begin(ask)
    found = read(made(export))

    assert [row["signature"] for row in found] == [str(number) for number in numbers]
    assert [row["name"] for row in found] == ["Ada One", "", "Cleo Three"]
    assert found[1]["email"] == found[1]["reason"] == ""
    recorded = exports_of(ask.petition_id)[0]
    session.refresh(recorded)
    assert (recorded.row_count, recorded.unreadable_count) == (3, 1)


@pytest.mark.parametrize("sealed", [b'["a list"]', b'"words"', b'{"name": "Ada"}', b"{", b"\xff"])
def test_a_seal_that_holds_no_person_costs_its_own_row(ask: Ask, sealed: bytes) -> None:
    first, _ = signed(ask, signer(name="Ada One"))
    signed(ask, signer(name="Bea Two"))
    box = seal(sealed, person_context(first.supporter_tag))
    with transaction():
        spoilt = session.get_one(Signature, first.id)
        spoilt.person, spoilt.person_key = box.box, box.key_id

    assert [row["name"] for row in read(made(begin(ask)))] == ["", "Bea Two"]


@pytest.mark.parametrize("hours", [0, 3, -7])
def test_moments_in_a_seal_are_told_in_utc_whatever_zone_they_were_sealed_in(
    ask: Ask, hours: int
) -> None:
    signature, _ = signed(ask, at=NOON)
    moment = NOON.astimezone(timezone(timedelta(hours=hours))) + timedelta(seconds=5)
    box = sealed_anew(
        Sealed(signature.person_key, signature.person), signature.supporter_tag, signed_at=moment
    )
    with transaction():
        found = session.get_one(Signature, signature.id)
        found.person, found.person_key = box.box, box.key_id

    assert [row["signed_at"] for row in read(made(begin(ask)))] == ["2026-11-20T12:00:05Z"]
