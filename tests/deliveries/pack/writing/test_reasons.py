"""Reasons in a pack are those that appear in public, named as they are named there."""

import csv
import io
from collections.abc import Iterator

import pytest
import time_machine

from petition.core.storage.database import transaction
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.writing.names import LETTER, REASONS
from petition.petitions.asks import Ask
from petition.signatures.models import Signature, Visibility
from tests.deliveries.making import organiser, planned
from tests.deliveries.pack.asking import asked, made, verified
from tests.deliveries.pack.packs import unpacked
from tests.factories import NOON, let_reason_appear, make_ask, signed, signer, spoil
from tests.grounds.papers import words_of


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def say(ask: Ask, reason: str, shown_as: Visibility, *, read: bool = True) -> Signature:
    """Sign with a reason, which a moderator has let appear where it was read."""
    who = signer(name="Nadia Sample", reason=reason, visibility=shown_as)
    signature, _ = signed(ask, who)
    if read:
        with transaction():
            let_reason_appear(signature)
    return signature


def test_they_are_those_that_the_public_reads_and_named_as_there(ask: Ask) -> None:
    delivery = planned(organiser())
    signed(ask)
    assert REASONS not in unpacked(made(asked(delivery, organiser())))
    say(ask, "=1+1, so", Visibility.FULL_NAME)
    say(ask, "For my sister", Visibility.FIRST_NAME)
    say(ask, "Nobody has read this", Visibility.FULL_NAME, read=False)
    signed(ask, signer(reason="Kept for myself"))
    spoil(Signature, number=say(ask, "It does not open", Visibility.FULL_NAME).id)
    content = made(asked(delivery, organiser()))
    text = unpacked(content)[REASONS].decode("utf-8-sig")

    assert verified(content).status == 0
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["reason", "name", "country", "language"],
        ["'=1+1, so", "Nadia Sample", "GB", "en"],
        ["For my sister", "Nadia", "GB", "en"],
    ]
    assert b"Kept for myself" not in content
    assert REASONS in words_of(unpacked(content)[LETTER])


def test_a_pack_without_names_has_none(ask: Ask) -> None:
    say(ask, "For my sister", Visibility.FULL_NAME)
    content = made(asked(planned(organiser()), organiser(), Tier.COUNTS))

    assert REASONS not in unpacked(content)
    assert b"sister" not in content
