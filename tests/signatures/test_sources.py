"""What an address may name as its source."""

import json

import pytest

from petition.core.clock import now
from petition.signatures.arriving import ArrivedSignature
from petition.signatures.signers import Signing
from petition.signatures.sources import as_source
from tests.factories import signer


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
