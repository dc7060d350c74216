"""Exports in JSON Lines: what CSV holds, as it was typed."""

import json
from datetime import timedelta

import pytest

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports import actions
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset, ExportScope
from petition.petitions.asks import Ask
from petition.signatures.models import Signature, Visibility
from tests.factories import NOON, make_ask, make_organiser, sign, signed, signer, spoil
from tests.grounds.exporting import as_recorded, made


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(
    ask: Ask,
    preset: ExportPreset = ExportPreset.SPREADSHEET,
    scope: ExportScope = ExportScope.CONFIRMED,
) -> Export:
    """Ask for an export in JSON Lines."""
    contents = Contents(scope, preset, ExportFormat.JSONL)
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def read(content: bytes) -> list[dict[str, object]]:
    """Read each line alone, as programs do."""
    assert content == b"" or content.endswith(b"\n")
    return [json.loads(line) for line in content.decode().split("\n")[:-1]]


def test_a_signature_is_one_object_in_the_words_of_the_design(ask: Ask) -> None:
    who = signer(
        "nadia@example.org",
        name="=Zoë Sample",
        visibility=Visibility.FIRST_NAME,
        mail_allowed=True,
        reason='Because, "so"\nand so',
    )
    signature, _ = signed(ask, who, at=NOON + timedelta(minutes=34, seconds=56))

    assert read(made(begin(ask))) == [
        {
            "signature": signature.id,
            "state": "confirmed",
            "on_hold": "no",
            "name": "=Zoë Sample",
            "email": "nadia@example.org",
            "country": "GB",
            "postcode": None,
            "reason": 'Because, "so"\nand so',
            "visibility": "first_name",
            "language": "en",
            "petition_version": 1,
            "text_language": "en",
            "signed_at": "2026-11-20T12:34:56Z",
            "confirmed_at": "2026-11-20T12:34:56Z",
            "mail_question": ask.mail_question,
            "mail_allowed": "yes",
            "mail_answered_at": "2026-11-20T12:34:56Z",
            "source": None,
        }
    ]


def test_a_petition_without_signatures_is_an_empty_file(ask: Ask) -> None:
    assert made(begin(ask)) == b""


def test_everything_has_the_pending_ones_too(ask: Ask) -> None:
    sign(ask)
    [row] = read(made(begin(ask, scope=ExportScope.EVERYTHING)))

    assert (row["state"], row["confirmed_at"]) == ("pending", None)


def test_names_and_countries_are_numbered_and_hold_nothing_else(ask: Ask) -> None:
    signed(ask, signer(name="Ada One", country="FR"))
    signed(ask, signer(name="Bea Two"))

    assert read(made(begin(ask, ExportPreset.NAMES))) == [
        {"number": 1, "name": "Ada One", "country": "FR"},
        {"number": 2, "name": "Bea Two", "country": "GB"},
    ]


def test_a_row_that_does_not_open_has_its_number_and_costs_no_other(ask: Ask) -> None:
    first, _ = signed(ask)
    signed(ask, signer(name="Bea Two"))
    spoil(Signature, number=first.id)
    export = begin(ask)
    rows = read(made(export))

    assert [row["name"] for row in rows] == [None, "Bea Two"]
    assert rows[0]["signature"] == first.id
    assert (as_recorded(export).row_count, as_recorded(export).unreadable_count) == (2, 1)
