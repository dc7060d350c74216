"""What the database itself holds about mailed links, whatever they open."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from petition.core.storage.database import transaction
from petition.letters.letter.models import Letter
from petition.links.hours import end_of
from petition.links.models import LinkPurpose, MailedLink
from petition.signatures.models import Signature
from tests.factories import NOON, make_ask, newest_signature, rows, sign
from tests.letters.posting import awaiting, newest_letter

pytestmark = pytest.mark.usefixtures("database")


def add(**given: object) -> None:
    """Store a link."""
    row = {"token_hash": b"x" * 32, "expires_at": end_of(NOON), **given}
    with transaction() as writing:
        writing.add(MailedLink(**row))


@pytest.mark.parametrize("model", [Signature, Letter])
def test_what_is_erased_takes_its_links_along(model: type[Signature | Letter]) -> None:
    sign(make_ask())
    awaiting()
    with transaction() as writing:
        writing.execute(delete(model))

    assert rows(MailedLink) == 1


@pytest.mark.parametrize("both", [True, False])
def test_a_link_opens_one_thing(both: bool) -> None:
    sign(make_ask())
    awaiting()
    owners = {"signature_id": newest_signature().id, "letter_id": newest_letter().id}

    with pytest.raises(IntegrityError, match="opens_one_thing"):
        add(purpose=LinkPurpose.MANAGE, **(owners if both else {}))


def test_the_mails_that_ask_to_confirm_a_signature_are_numbered() -> None:
    sign(make_ask())
    owner = newest_signature().id
    for purpose, number in ((LinkPurpose.CONFIRM, None), (LinkPurpose.MANAGE, 2)):
        with pytest.raises(IntegrityError, match="numbered_to_confirm"):
            add(signature_id=owner, purpose=purpose, number=number)
    with pytest.raises(IntegrityError):
        add(signature_id=owner, purpose=LinkPurpose.CONFIRM, number=1)


def test_what_a_link_carries_has_its_key() -> None:
    sign(make_ask())
    owner = {"signature_id": newest_signature().id, "expires_at": NOON + timedelta(hours=1)}

    with pytest.raises(IntegrityError, match="given_has_its_key"):
        add(purpose=LinkPurpose.CONFIRM, number=2, given=b"sealed", **owner)
