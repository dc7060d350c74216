"""Which records an office is to strike, and the notice that says so, on the desk."""

import pytest

from petition.audit.acts import Act
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.deliveries.striking import withdrawals
from petition.deliveries.striking.models import StrikeNotice
from petition.organisers.models import Role
from petition.signatures.models import Signature
from petition.signatures.removals import erase
from tests.audit.reading import acts
from tests.deliveries.pack.asking import work_off
from tests.factories import NOON, spoil
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.deliveries.records import FORM, HANDED_OVER, planned, recorded
from tests.web.public.people import problems, words

pytestmark = pytest.mark.usefixtures("letters_open")


def leave(signature: Signature) -> None:
    """Erase a signature."""
    with transaction():
        erase(session.get_one(Signature, signature.id), now())


def handed_over(client: ReadingClient, count: str = "1") -> str:
    """Pack a delivery and hand it over; return the address of its record."""
    record = planned(client)
    client.submit(f"{record}/packs", client.visit(f"{record}/packs"), {}, form=FORM)
    work_off()
    recorded(client, record, "handed_over", **{**HANDED_OVER, "signature_count": count})
    return record


def test_whoever_leaves_after_the_hand_over_is_named_by_number_with_a_notice(
    log_in: LogIn,
) -> None:
    signature = Supporters().sign("Ada One", at=NOON)
    client = log_in()
    record = handed_over(client)
    assert "No signer has left since the hand-over" in words(client.visit(record))
    assert "there is nothing to strike" in words(client.visit(f"{record}/withdrawals"))
    leave(signature)

    assert "1 signer has left since the hand-over" in words(client.visit(record))
    page = log_in(Role.AUDITOR).visit(f"{record}/withdrawals")
    assert "1 record to strike" in words(page)
    notice = page.select_one("#notice-text")
    assert notice is not None
    assert "\n\n1\n\n" in str(notice)
    assert "Ada" not in words(page)


WHO = {"to_whom": "Ms Example", "by_whom": "Sample Coalition"}


def test_what_is_wrong_with_what_is_said_of_a_notice_is_said_beside_it(log_in: LogIn) -> None:
    signature = Supporters().sign("Ada One", at=NOON)
    Supporters().sign("Bo Two", at=NOON)
    owner = log_in()
    page = f"{handed_over(owner, '2')}/withdrawals"
    leave(signature)
    form = owner.visit(page)
    for wrong, said in (
        ({"to_whom": ""}, {"#to_whom": "Say to whom"}),
        ({"day": "2026-11-22"}, {"#day": "The day is still to come; enter when it was sent"}),
        ({"day": "2026-11-18"}, {"#day": "The day is before the hand-over"}),
        ({"records": "2"}, {"#records": "Record 2 is none of which the office has to be told"}),
        (
            {"records": "1; 2"},
            {"#records": "Enter the numbers with commas between them, like 3, 14"},
        ),
        ({"records": " "}, {"#records": "Enter the numbers of the records"}),
        ({"records": ","}, {"#records": "Enter the numbers of the records"}),
    ):
        answer = owner.submit(page, form, {**WHO, **wrong}, form=FORM)
        [(field, message)] = problems(answer).items()
        assert answer.status_code == 422
        assert message.startswith(said[field])
        assert "Sample Coalition" in answer.text


def test_that_the_notice_was_sent_is_recorded_and_its_records_are_open_no_longer(
    log_in: LogIn, client: ReadingClient
) -> None:
    signed = [Supporters().sign(name, at=NOON) for name in ("Ada One", "Bo Two", "Cy Three")]
    owner = log_in()
    record = handed_over(owner, "3")
    leave(signed[0])
    leave(signed[2])
    page = f"{record}/withdrawals"
    form = owner.visit(page)
    assert "the office has to be told of 2" in words(owner.visit(record))
    owner.submit(page, form, {**WHO, "records": "3"}, form=FORM)
    shown = words(owner.visit(page))
    assert "1 record to strike" in shown
    assert "20 November 2026 Records 3 To whom Ms Example By whom Sample Coalition" in shown
    again = owner.submit(page, form, {**WHO, "records": "3"}, form=FORM)
    assert problems(again).keys() == {"#records"}
    form = owner.visit(page)
    owner.submit(page, form, WHO, form=FORM)

    assert "there is nothing more to strike" in words(owner.visit(page))
    late = owner.submit(page, form, {**WHO, "to_whom": "Mr Other"}, form=FORM)
    assert problems(late).keys() == {"#records"}
    assert "Mr Other" in late.text
    assert "the office was told of them" in words(owner.visit(record))
    assert acts()[-1] is Act.STRIKE_NOTICE_SENT
    public = words(client.visit("/en/deliveries/1"))
    assert "On 20 November 2026 we asked the office to strike 1 signature" in public
    assert "Example" not in public
    leave(signed[1])
    assert "1 record to strike" in words(owner.visit(page))
    auditor = log_in(Role.AUDITOR)
    assert not auditor.visit(page).select(FORM)
    spoil(StrikeNotice, "said_box", key="said_key")
    assert "By whom –" in words(auditor.visit(page))


def test_a_notice_names_as_many_records_as_its_form_takes_and_the_rest_follow(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawals, "MOST_NAMED", 1)
    signed = [Supporters().sign(name, at=NOON) for name in ("Ada One", "Bo Two")]
    owner = log_in()
    page = f"{handed_over(owner, '2')}/withdrawals"
    for signature in signed:
        leave(signature)
    form = owner.visit(page)
    assert "1 more record follows in the next notice" in words(form)
    assert "\n\n1\n\n" in str(form.select_one("#notice-text"))
    assert owner.submit(page, form, WHO, form=FORM).status_code == 303

    form = owner.visit(page)
    assert "\n\n2\n\n" in str(form.select_one("#notice-text"))
    assert "in the next notice" not in words(form)


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
    leave(signature)

    assert "1 person in it has left since" in words(client.visit(answer.location))
