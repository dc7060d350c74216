"""A link that was pressed leads on for some minutes, and no other link of its signature does."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from petition.core.errors import LinkUsed
from petition.core.storage.database import transaction
from petition.links.actions import MANAGE_LINKS_A_DAY
from petition.petitions.asks import Ask
from petition.signatures.actions import confirm, to_be_confirmed
from petition.signatures.models import Signature, SignatureState
from tests.factories import NOON, make_ask, sign, signer

SOON = NOON + timedelta(minutes=9)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def press(token: str) -> str:
    """Press the button some minutes after noon."""
    with transaction():
        return confirm(token, SOON)


@pytest.fixture
def pressed(ask: Ask) -> str:
    """The token of a link that was pressed at noon."""
    token = sign(ask, at=NOON).confirm_tokens[-1]
    with transaction():
        confirm(token, NOON)
    return token


def test_pressing_again_leads_on_a_few_times(pressed: str) -> None:
    assert to_be_confirmed(pressed, SOON).thing.state == SignatureState.CONFIRMED
    assert len({press(pressed) for _ in range(MANAGE_LINKS_A_DAY - 1)}) == MANAGE_LINKS_A_DAY - 1
    with pytest.raises(LinkUsed):
        press(pressed)


def test_pressing_again_leads_nowhere_a_quarter_of_an_hour_later(pressed: str) -> None:
    later = NOON + timedelta(minutes=15)
    with pytest.raises(LinkUsed):
        to_be_confirmed(pressed, later)
    with pytest.raises(LinkUsed), transaction():
        confirm(pressed, later)


def test_pressing_again_leads_nowhere_once_the_signature_is_withdrawn(pressed: str) -> None:
    with transaction() as writing:
        writing.execute(update(Signature).values(state=SignatureState.WITHDRAWN))
    with pytest.raises(LinkUsed):
        press(pressed)


def test_another_link_of_the_signature_leads_nowhere(ask: Ask) -> None:
    who = signer()
    first, second = (sign(ask, who, at=NOON).confirm_tokens[-1] for _ in range(2))
    press(first)
    with pytest.raises(LinkUsed):
        press(second)
    with pytest.raises(LinkUsed):
        to_be_confirmed(second, SOON)
