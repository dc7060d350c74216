"""What people can do about their signature: change, stop, withdraw, erase, ask for the link."""

from datetime import timedelta

import pytest
import time_machine
from werkzeug.test import TestResponse

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports import actions as exports
from petition.exports.changes import corrections
from petition.exports.models import Contents, Export
from petition.links.models import MailedLink
from petition.outbox.models import OutboxMail
from petition.safekeeping.tallies import drifts
from petition.signatures.models import Removal, RemovalCause, Signature, SignatureState, Visibility
from petition.signatures.queries import shown, tallied
from tests.factories import (
    let_reason_appear,
    make_organiser,
    newest_signature,
    rows,
    take_in_all,
)
from tests.grounds.client import ORIGIN
from tests.grounds.pages import parse
from tests.web.public.people import (
    Person,
    details,
    links_to,
    mails_to,
    newest_link,
    page_of,
    problems,
    words,
)

NADIA = "nadia@example.org"


@pytest.fixture
def manage(person: Person) -> str:
    """The path of the page with which Nadia manages her confirmed signature."""
    return person.has_signed(email=NADIA, organiser_mail="yes", reason="Because <of> it")


def press(person: Person, path: str, verb: str, **values: str) -> TestResponse:
    """Press the button of one of the forms on the page that manages."""
    page = person.client.visit(path)
    return person.client.submit(path, page, values, form=f"form[action$='/{verb}']")


def an_export() -> Export:
    """Record an export that is made now."""
    organiser = make_organiser()
    with transaction():
        return exports.begin(
            newest_signature().petition_id,
            organiser.id,
            "To hand over",
            Contents(),
            now(),
        )


def test_the_page_shows_all_that_is_held(person: Person, manage: str) -> None:
    page = person.client.visit(manage)

    assert "Confirmed" in words(page)
    held = details(page)
    assert held["Name"] == "Nadia Sample"
    assert held["E-mail address"] == NADIA
    assert held["Your reason"] == "Because <of> it"
    assert held["Asked about e-mail"] == "May Sample Coalition e-mail you?"
    assert held["Sample Coalition may e-mail you"] == "Yes"
    assert {"Answered about e-mail", "Signed", "Confirmed"} <= held.keys()


@pytest.mark.parametrize("visibility", list(Visibility))
def test_how_the_name_appears_can_be_changed(
    visibility: Visibility, person: Person, manage: str
) -> None:
    answer = press(person, manage, "appearance", visibility=visibility.value)

    assert answer.status_code == 303
    page = person.client.visit(answer.headers["Location"])
    assert "Saved" in words(page)
    checked = page.select("[name=visibility][checked]")
    assert [radio["value"] for radio in checked] == [visibility.value]
    assert newest_signature().visibility == visibility


def test_a_name_made_private_takes_its_reason_off_the_page(person: Person, manage: str) -> None:
    press(person, manage, "appearance", visibility="full_name")
    with transaction() as writing:
        signature = newest_signature()
        let_reason_appear(writing.merge(signature))
    reasons = shown(signature.petition_id).reasons
    assert [(one.text, one.name) for one in reasons] == [("Because <of> it", "Nadia Sample")]
    session.commit()

    press(person, manage, "appearance", visibility="private")
    assert shown(signature.petition_id).reasons == ()


def test_an_unknown_way_to_appear_changes_nothing(person: Person, manage: str) -> None:
    answer = person.client.post(
        f"{manage}/appearance", data={"visibility": "loud"}, headers={"Origin": ORIGIN}
    )

    assert answer.status_code in {303, 422}
    assert newest_signature().visibility == Visibility.PRIVATE


def test_mail_can_be_stopped_while_the_signature_stays(
    person: Person, manage: str, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=2))
    answer = press(person, manage, "mail")

    signature = newest_signature()
    assert not signature.mail_allowed
    assert signature.mail_answered_at - signature.signed_at > timedelta(hours=1)
    assert signature.state == SignatureState.CONFIRMED
    page = person.client.visit(answer.headers["Location"])
    assert page.select("form[action$='/mail']") == []


def test_a_withdrawn_signature_leaves_count_and_export(person: Person, manage: str) -> None:
    export = an_export()
    answer = press(person, manage, "withdraw")
    take_in_all()

    signature = newest_signature()
    assert signature.state == SignatureState.WITHDRAWN
    assert tallied(signature.petition_id) == 0
    assert drifts() == []
    assert corrections(export) == [signature.id]
    page = person.client.visit(answer.headers["Location"])
    assert "Your signature is withdrawn and no longer counts." in words(page)
    assert "Withdrawn" in words(page)
    assert page.select("form[action$='/withdraw'], form[action$='/appearance']") == []


def test_the_receipt_of_a_withdrawn_signature_thanks_nobody(person: Person, manage: str) -> None:
    press(person, manage, "withdraw")

    answer = person.client.get(f"{manage}/receipt", follow_redirects=True)
    assert "Your signature is confirmed" not in words(answer.text)
    assert "Withdrawn" in words(answer.text)


def test_withdrawing_twice_counts_once(person: Person, manage: str) -> None:
    for _ in range(2):
        answer = person.client.post(f"{manage}/withdraw", headers={"Origin": ORIGIN})
        assert answer.status_code == 303
    take_in_all()

    assert rows(Removal) == 1
    assert drifts() == []


def test_whoever_withdrew_may_sign_again(person: Person, manage: str) -> None:
    press(person, manage, "withdraw")
    person.has_signed(email=NADIA, name="Nadia Again")

    signature = newest_signature()
    assert rows(Signature) == 1
    assert signature.state == SignatureState.CONFIRMED
    assert signature.opened().name == "Nadia Again"
    assert tallied(signature.petition_id) == 1
    assert drifts() == []


def test_a_link_mailed_before_a_withdrawal_confirms_no_more(person: Person, manage: str) -> None:
    press(person, manage, "withdraw")
    person.signs(email=NADIA)
    waiting = newest_link(NADIA)
    assert waiting.startswith("/en/confirm/")
    person.client.post(f"{manage}/erase", data={"sure": "y"}, headers={"Origin": ORIGIN})

    assert person.client.post(waiting, headers={"Origin": ORIGIN}).status_code == 404


def test_erasing_takes_everything_and_leaves_a_correction(person: Person, manage: str) -> None:
    signature = newest_signature()
    export = an_export()
    ask_for_link(person, NADIA)
    assert len(mails_to(NADIA)) == 1
    answer = press(person, manage, "erase", sure="y")
    take_in_all()

    assert answer.status_code == 200
    assert "Everything is erased" in words(answer.text)
    assert rows(Signature) + rows(MailedLink) + rows(OutboxMail) == 0
    assert tallied(signature.petition_id) == 0
    assert drifts() == []
    assert corrections(export) == [signature.id]
    removal = session.query(Removal).one()
    assert (removal.cause, removal.why) == (RemovalCause.ERASED, None)
    session.commit()
    assert person.client.get(manage).status_code == 404


def test_nothing_is_erased_before_the_box_is_ticked(person: Person, manage: str) -> None:
    answer = press(person, manage, "erase")

    assert answer.status_code == 422
    assert problems(answer) == {"#sure": "Tick the box if you want everything erased"}
    page = parse(answer.text)
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")
    assert page.select("details[open] form[action$='/erase']") != []
    assert rows(Signature) == 1


def test_an_erased_number_is_never_given_again(person: Person, manage: str) -> None:
    first = newest_signature().id
    press(person, manage, "erase", sure="y")
    person.has_signed()

    assert newest_signature().id > first


@pytest.mark.parametrize("path", ["", "/receipt"])
def test_opening_the_link_to_manage_changes_nothing(path: str, person: Person, manage: str) -> None:
    before = rows(MailedLink), newest_signature().state
    for method in ("GET", "HEAD"):
        assert person.client.open(manage + path, method=method).status_code == 200

    assert (rows(MailedLink), newest_signature().state) == before


def test_the_link_to_manage_ages_too(
    person: Person, manage: str, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=73))

    for verb in ("appearance", "mail", "withdraw", "erase"):
        data = {"visibility": "private", "sure": "y"}
        answer = person.client.post(f"{manage}/{verb}", data=data, headers={"Origin": ORIGIN})
        assert answer.status_code == 410
        assert "This link is too old" in answer.text
    assert newest_signature().state == SignatureState.CONFIRMED


def ask_for_link(person: Person, email: str) -> TestResponse:
    """Ask for the link to manage a signature."""
    path = f"{page_of()}/manage"
    return person.client.submit(path, person.client.visit(path), {"email": email})


def test_a_new_link_is_mailed_to_whoever_has_signed(person: Person, manage: str) -> None:
    answer = ask_for_link(person, NADIA)

    assert answer.status_code == 200
    assert newest_link(NADIA).startswith("/en/manage/")
    assert newest_link(NADIA) != manage
    assert details(person.client.visit(newest_link(NADIA)))["Name"] == "Nadia Sample"


def test_who_asks_for_a_link_hears_the_same_whoever_it_is(person: Person, manage: str) -> None:
    person.signs(email="pending@example.org")
    people = [NADIA, "pending@example.org", "nobody@example.org"]
    answers = {email: ask_for_link(person, email) for email in people}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert len({answer.text.replace(email, "") for email, answer in answers.items()}) == 1
    assert [len(links_to(email)) for email in people] == [1, 1, 0]


def test_a_request_without_an_address_is_an_error(person: Person) -> None:
    answer = ask_for_link(person, "")

    assert answer.status_code == 422
    assert problems(answer) == {"#email": "Enter your e-mail address"}


def test_a_mailbox_cannot_be_flooded_with_links(person: Person, manage: str) -> None:
    answers = {ask_for_link(person, NADIA).text for _ in range(12)}

    assert len(answers) == 1
    assert len(links_to(NADIA)) <= 7


def test_a_program_that_fills_in_every_field_gets_no_link(person: Person, manage: str) -> None:
    path = f"{page_of()}/manage"
    page = person.client.visit(path)
    answer = person.client.submit(path, page, {"email": NADIA, "website": "http://example.org"})

    assert answer.status_code == 200
    assert links_to(NADIA) == []
