"""Several spellings of one address: one signature, and its link goes to one spelling alone."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from petition.core.errors import LinkUnknown
from petition.core.log import log
from petition.core.storage.database import transaction
from petition.links.models import LinkPurpose
from petition.outbox.models import OutboxMail
from petition.petitions.asks import Ask
from petition.signatures import removals
from petition.signatures.actions import request_management, to_be_confirmed
from petition.signatures.links import SIGNATURE_LINKS
from petition.signatures.models import Signature, SignatureState
from tests.factories import (
    NOON,
    Letters,
    confirm,
    make_ask,
    newest_signature,
    rows,
    sign,
    signed,
    signer,
)
from tests.web.public.people import mails_to

SPELLINGS = [
    ("victim@plusdomain.example", "victim+mallory@plusdomain.example"),
    ("victim+news@plusdomain.example", "victim@plusdomain.example"),
    ("victim@plusdomain.example", "VICTIM@PlusDomain.example"),
    ("victim.sample@gmail.com", "victimsample+x@googlemail.com"),
]
OWN, OTHER = SPELLINGS[0]


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def signs(ask: Ask, typed: str) -> Letters:
    """Sign once more, with another spelling of the address."""
    return sign(ask, signer(typed, name="Mallory Sample"))


def asks_for_the_link(ask: Ask, typed: str) -> Letters:
    """Ask for the link to the signature, with another spelling of the address."""
    letters = Letters()
    with transaction():
        request_management(ask, typed, letters, NOON)
    return letters


def withdrawn(ask: Ask, email: str) -> str:
    """Sign, confirm and withdraw; return the token to manage it."""
    _, manage = signed(ask, signer(email))
    with transaction():
        removals.withdraw(
            SIGNATURE_LINKS.open(manage, LinkPurpose.MANAGE, NOON, to_change=True), NOON
        )
    return manage


def decline(token: str) -> bool:
    """Press the button that deletes what was noted."""
    with transaction():
        signature = SIGNATURE_LINKS.open(token, LinkPurpose.CONFIRM, NOON, to_change=True)
        return removals.decline(signature, token, NOON)


@pytest.mark.parametrize("act", [signs, asks_for_the_link])
@pytest.mark.parametrize(("own", "typed"), SPELLINGS)
def test_the_link_to_a_confirmed_signature_goes_to_the_address_that_confirmed_it(
    own: str, typed: str, act: Callable[[Ask, str], Letters], ask: Ask
) -> None:
    signed(ask, signer(own))
    letters = act(ask, typed)

    assert len(letters.manage_tokens) == 1
    assert mails_to(typed) == []
    assert [mail.kind for mail in mails_to(own)] == ["manage_signature"]


def test_the_link_to_a_withdrawn_one_goes_there_too(ask: Ask) -> None:
    withdrawn(ask, OWN)
    asks_for_the_link(ask, OTHER)

    assert mails_to(OTHER) == []
    assert mails_to(OWN)[-1].kind == "manage_signature"


@pytest.mark.parametrize("act", [signs, asks_for_the_link])
def test_a_signature_that_does_not_open_mails_nobody(
    act: Callable[[Ask, str], Letters],
    ask: Ask,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log, "handlers", [caplog.handler])
    signed(ask, signer(OWN))
    with transaction() as writing:
        writing.execute(update(Signature).values(person_key="gone"))
    before = rows(OutboxMail)
    letters = act(ask, OWN)

    assert letters.manage_tokens == []
    assert rows(OutboxMail) == before
    assert "a signature does not open: nobody is mailed about it" in caplog.text


def test_a_second_spelling_confirms_what_was_given_under_it_and_nothing_else(ask: Ask) -> None:
    sign(ask, signer(OWN))
    letters = signs(ask, OTHER)
    [shown] = [to_be_confirmed(token, NOON).thing.opened() for token in letters.confirm_tokens]

    assert (shown.name, shown.email) == ("Mallory Sample", OTHER)


@pytest.mark.parametrize("first", [OWN, OTHER])
def test_a_link_to_manage_never_opens_what_another_spelling_confirmed(first: str, ask: Ask) -> None:
    second = OTHER if first == OWN else OWN
    old = withdrawn(ask, first)
    confirm(signs(ask, second))

    assert newest_signature().opened().email == second
    with pytest.raises(LinkUnknown):
        SIGNATURE_LINKS.open(old, LinkPurpose.MANAGE, NOON)


def test_a_link_to_manage_that_waits_is_not_mailed_to_the_spelling_that_was(ask: Ask) -> None:
    withdrawn(ask, OWN)
    asks_for_the_link(ask, OWN)
    assert len(mails_to(OWN)) == 1
    confirm(signs(ask, OTHER))

    assert mails_to(OWN) == []


def test_who_signs_again_under_the_same_address_keeps_the_link_to_manage(ask: Ask) -> None:
    old = withdrawn(ask, OWN)
    confirm(signs(ask, OWN.upper()))

    assert SIGNATURE_LINKS.open(old, LinkPurpose.MANAGE, NOON).state == SignatureState.CONFIRMED


def test_when_one_spelling_signed_is_not_told_to_another(ask: Ask) -> None:
    sign(ask, signer(OWN), at=NOON)
    later = NOON.replace(hour=17)
    confirm(sign(ask, signer(OTHER), at=later), at=later)

    assert newest_signature().signed_at == later


def test_declining_under_one_spelling_leaves_what_another_has_noted(ask: Ask) -> None:
    first, second = sign(ask, signer(OWN)), signs(ask, OTHER)

    assert decline(second.confirm_tokens[0])
    assert rows(Signature) == 1
    confirm(first)
    assert newest_signature().opened().email == OWN


def test_declining_does_not_tell_that_another_spelling_has_withdrawn(ask: Ask) -> None:
    withdrawn(ask, OWN)
    letters = signs(ask, OTHER)

    assert decline(letters.confirm_tokens[0])
    assert newest_signature().opened().email == OWN
    with pytest.raises(LinkUnknown):
        SIGNATURE_LINKS.open(letters.confirm_tokens[0], LinkPurpose.CONFIRM, NOON)
