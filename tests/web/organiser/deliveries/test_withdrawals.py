"""Which records an office is to strike, and the notice that says so, on the desk."""

import pytest

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.organisers.models import Role
from petition.signatures.models import Signature
from petition.signatures.removals import erase
from tests.deliveries.pack.asking import work_off
from tests.factories import NOON
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.deliveries.records import FORM, HANDED_OVER, planned, recorded
from tests.web.public.people import words

pytestmark = pytest.mark.usefixtures("letters_open")


def handed_over(client: ReadingClient) -> str:
    """Pack a delivery and hand it over; return the address of its record."""
    record = planned(client)
    client.submit(f"{record}/packs", client.visit(f"{record}/packs"), {}, form=FORM)
    work_off()
    recorded(client, record, "handed_over", **HANDED_OVER)
    return record


def test_whoever_leaves_after_the_hand_over_is_named_by_number_with_a_notice(
    log_in: LogIn,
) -> None:
    signature = Supporters().sign("Ada One", at=NOON)
    client = log_in()
    record = handed_over(client)
    assert "No signer has left since the hand-over" in words(client.visit(record))
    assert "there is nothing to strike" in words(client.visit(f"{record}/withdrawals"))
    with transaction():
        erase(session.get_one(Signature, signature.id), now())

    assert "1 signer has left since the hand-over" in words(client.visit(record))
    page = log_in(Role.AUDITOR).visit(f"{record}/withdrawals")
    assert "1 record to strike" in words(page)
    notice = page.select_one("#notice-text")
    assert notice is not None
    assert "\n\n1\n\n" in str(notice)
    assert "Ada" not in words(page)


def test_where_no_pack_was_handed_over_there_is_no_such_page(log_in: LogIn) -> None:
    Supporters().sign("Ada One", at=NOON)
    client = log_in()
    record = planned(client)
    recorded(client, record, "handed_over", **HANDED_OVER)

    assert "left since the hand-over" not in words(client.visit(record))
    client.visit(f"{record}/withdrawals", status=404)


def test_a_pack_says_who_has_left_it_since_it_was_made(log_in: LogIn) -> None:
    signature = Supporters().sign("Ada One", at=NOON)
    client = log_in()
    record = planned(client)
    answer = client.submit(f"{record}/packs", client.visit(f"{record}/packs"), {}, form=FORM)
    work_off()
    assert "has left since" not in words(client.visit(answer.location))
    with transaction():
        erase(session.get_one(Signature, signature.id), now())

    assert "1 person in it has left since" in words(client.visit(answer.location))
