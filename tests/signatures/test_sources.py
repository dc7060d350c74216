"""What an address may name as its source."""

import json

import pytest

from petition.arrivals.actions import of_kind
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.signatures.arriving import SIGNATURE, ArrivedSignature
from petition.signatures.signers import Signing
from petition.signatures.sources import as_source
from tests.factories import make_ask, signer


@pytest.mark.parametrize("text", ["newsletter-nov", "n", "2026", "x" * 32, "a--b-"])
def test_small_letters_digits_and_hyphens_are_a_source(text: str) -> None:
    assert as_source(text) == text


@pytest.mark.parametrize(
    "text",
    [*(None, "", "Newsletter", "a b", "a_b", "x" * 33, "-a", "a\n", "né", "٣", "a@example.org")],
)
def test_anything_else_is_none(text: str | None) -> None:
    assert as_source(text) is None


def test_what_arrived_before_there_were_sources_is_read() -> None:
    came = ArrivedSignature(Signing(signer(), 1, now()), None, source="poster")
    fields = [came.given.as_fields(), None, None]

    assert ArrivedSignature.from_bytes(json.dumps([*fields, "poster"]).encode()) == came
    assert ArrivedSignature.from_bytes(json.dumps(fields).encode()).source is None


@pytest.mark.usefixtures("database")
def test_what_arrives_without_one_can_be_read_by_a_program_that_knows_none() -> None:
    ask = make_ask()
    for source in (None, "poster"):
        given = Signing(signer(), ask.text_id, now())
        with transaction():
            ArrivedSignature(given, None, source=source).append(ask.petition_id)

    with transaction():
        kept = [json.loads(one.opened()) for one in of_kind(SIGNATURE)]
    assert [len(fields) for fields in kept] == [3, 4]
