"""The link in news ends them, however often it is used, and opens nothing else."""

import pytest

from petition.core.clock import now
from petition.core.errors import LinkUnknown
from petition.core.keyring.journal import Wish, journal
from petition.core.storage.database import session, transaction
from petition.signatures.models import Signature
from petition.signatures.removals import erase
from petition.updates.unsubscribing import gets_news, token_for, unsubscribe
from tests.factories import make_ask, newest_signature, signed, signer

pytestmark = pytest.mark.usefixtures("database")


def end(token: str) -> None:
    """Press the button."""
    with transaction():
        unsubscribe(token, now())


def test_the_permission_is_taken_back_once_and_that_is_noted() -> None:
    signature, _ = signed(make_ask(), signer(mail_allowed=True))
    token = token_for(signature.id)
    assert gets_news(token)
    for _ in range(2):
        end(token)

    left = newest_signature()
    assert (left.mail_allowed, left.state) == (False, signature.state)
    person = left.opened()
    assert person.mail_answered_at is not None
    assert person.mail_answered_at >= signature.opened().mail_answered_at  # type: ignore[operator]
    assert [one.wish for one in journal().read().entries] == [Wish.NO_MAIL]
    assert not gets_news(token)
    assert token_for(signature.id) == token


def test_whoever_is_erased_finds_nothing_and_no_error() -> None:
    signature, _ = signed(make_ask(), signer(mail_allowed=True))
    token = token_for(signature.id)
    with transaction():
        erase(session.get_one(Signature, signature.id), now())

    end(token)
    assert not gets_news(token)


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "\u0660" * 32, "A" * 10_000])
def test_a_link_that_is_none_of_ours_is_unknown(token: str) -> None:
    with pytest.raises(LinkUnknown):
        gets_news(token)
    with pytest.raises(LinkUnknown):
        end(token)
