"""The link in the mail: opening it changes nothing, its button confirms, and it ages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from petition.core.memory import forget_everything
from petition.core.storage.database import session
from petition.links.actions import MANAGE_LINKS_A_DAY
from petition.links.models import MailedLink
from petition.safekeeping.tallies import drifts
from petition.signatures.models import Signature, SignatureState, TallyEntry
from petition.signatures.queries import tallied
from tests.factories import newest_signature, rows, take_in_all
from tests.grounds.client import ORIGIN
from tests.grounds.pages import parse
from tests.web.public.people import Person, details, given, links_to, newest_link, page_of, words

NADIA = "nadia@example.org"


@pytest.fixture
def link(person: Person) -> str:
    """The path of the link in Nadia's mail."""
    assert person.signs(email=NADIA, reason="Because").status_code == 200
    return newest_link(NADIA)


def everything() -> list[tuple[object, ...]]:
    """Return every signature and link as it is stored."""
    found: list[tuple[object, ...]] = []
    for model in (Signature, MailedLink):
        table = model.__table__
        found += [tuple(row) for row in session.execute(table.select())]
    session.commit()
    return found


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_link_changes_nothing(method: str, person: Person, link: str) -> None:
    before = everything()
    for _ in range(3):
        assert person.client.open(link, method=method).status_code == 200

    assert everything() == before
    assert rows(TallyEntry) == 0


def test_the_page_says_how_to_mend_a_slip(person: Person, link: str) -> None:
    page = person.client.visit(link)

    assert "Something wrong in it? Delete what was noted , then sign again." in words(page)


def test_the_page_shows_what_would_be_confirmed(person: Person, link: str) -> None:
    page = person.client.visit(link)

    assert details(page) == {
        "Name": "Nadia Sample",
        "E-mail address": NADIA,
        "Country": "United Kingdom",
        "Your name appears": "Not publicly",
        "Sample Coalition may e-mail you": "No",
        "Your reason": "Because",
    }
    assert [button.get_text(strip=True) for button in page.select("form button")] == [
        "Confirm my signature",
        "Delete what was noted",
    ]
    assert "23 November 2026, 13:00 UTC" in words(page)


def test_the_button_confirms_and_leads_to_a_receipt(
    person: Person, link: str, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=5))
    receipt = person.confirms(NADIA)

    signature = newest_signature()
    assert signature.state == SignatureState.CONFIRMED
    assert signature.confirmed_at is not None
    assert signature.confirmed_at - signature.signed_at > timedelta(hours=4)
    assert tallied(signature.petition_id) == 1
    page = person.client.visit(receipt)
    assert details(page)["Petition"] == "Use these sanctions against human trafficking"
    assert details(page)["Text"] == "Version 1 ·10 November 2026"
    own = page.select_one("#manage-url")
    assert own is not None
    assert own["value"] == f"http://localhost{receipt.removesuffix('/receipt')}"


def test_the_links_to_share_lead_to_the_petition_and_tell_nothing_of_the_person(
    person: Person, link: str
) -> None:
    receipt = person.confirms(NADIA)
    page = person.client.visit(receipt)

    shared = [str(a["href"]) for a in page.select("a") if "sanction-human" in str(a["href"])]
    assert len(shared) > 5
    secret = receipt.split("/")[3]
    for address in shared:
        assert secret not in address
        assert "nadia" not in address.lower()


def test_whoever_presses_again_some_minutes_later_is_led_to_the_receipt(
    person: Person, link: str, clock: time_machine.Traveller
) -> None:
    person.confirms(NADIA)
    clock.shift(timedelta(minutes=9))
    before = everything()
    page = person.client.visit(link)
    assert everything() == before
    assert [words(page).count(said) for said in ("was pressed", "nothing is counted")] == [1, 0]
    answer = person.client.submit(link, page, {})

    assert answer.status_code == 303
    assert "Your signature is confirmed" in words(person.client.visit(answer.location))
    take_in_all()
    assert tallied(newest_signature().petition_id) == 1


def test_a_used_link_says_so(person: Person, link: str, clock: time_machine.Traveller) -> None:
    person.confirms(NADIA)
    clock.shift(timedelta(minutes=15))

    for answer in (
        person.client.get(link),
        person.client.post(link, headers={"Origin": ORIGIN}),
    ):
        assert answer.status_code == 410
        assert "This link has done its work" in answer.text
        assert "What you can do" in answer.text
    take_in_all()
    assert tallied(newest_signature().petition_id) == 1


def test_a_link_works_for_72_hours_and_to_the_end_of_the_last(
    person: Person, link: str, clock: time_machine.Traveller
) -> None:
    clock.move_to(newest_signature().signed_at + timedelta(hours=73, seconds=-5))

    assert person.client.post(link, headers={"Origin": ORIGIN}).status_code == 303


def test_after_72_hours_a_link_is_too_old_and_says_what_to_do(
    person: Person, link: str, clock: time_machine.Traveller
) -> None:
    clock.move_to(newest_signature().signed_at + timedelta(hours=73))

    for answer in (
        person.client.get(link),
        person.client.post(link, headers={"Origin": ORIGIN}),
    ):
        assert answer.status_code == 410
        assert "This link is too old" in answer.text
        assert "Sign once more with the same address" in answer.text
        assert f'href="{page_of()}#sign"' in answer.text
    assert newest_signature().state == SignatureState.PENDING


def test_whoever_signs_again_after_that_gets_a_new_link(
    person: Person, link: str, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=73))
    person.signs(email=NADIA)

    assert len(links_to(NADIA)) == 2
    assert newest_link(NADIA) != link
    person.confirms(NADIA)
    assert rows(Signature) == 1


@pytest.mark.parametrize("token", ["x", "A" * 32, "%00", "%ff%fe", "..%2f..", "a" * 5000])
def test_an_unknown_link_says_what_may_have_happened(token: str, person: Person) -> None:
    for path in (f"/en/confirm/{token}", f"/en/manage/{token}", f"/en/manage/{token}/receipt"):
        answer = person.client.get(path)
        assert answer.status_code == 404
        if "%2f" not in token:
            assert "We do not know this link" in answer.text
            assert "What you can do" in answer.text


def test_a_link_opens_nothing_but_its_own_purpose(person: Person, link: str) -> None:
    secret = link.rpartition("/")[2]
    assert person.client.get(f"/en/manage/{secret}").status_code == 404
    manage = person.confirms(NADIA).split("/")[3]

    assert person.client.get(f"/en/confirm/{manage}").status_code == 404
    answer = person.client.post(f"/en/confirm/{manage}", headers={"Origin": ORIGIN})
    assert answer.status_code == 404


def test_no_link_is_stored_in_a_form_that_opens_it(person: Person, link: str) -> None:
    secret = link.rpartition("/")[2]
    assert len(secret) >= 22  # 128 bits at six a letter

    for row in everything():
        assert secret not in [value for value in row if isinstance(value, str)]
        assert secret.encode() not in [value for value in row if isinstance(value, bytes)]


def test_each_link_confirms_what_was_typed_when_it_was_mailed(person: Person, link: str) -> None:
    person.signs(**given(email=NADIA, name="Somebody Else", country="FR"))

    assert details(person.client.visit(link))["Name"] == "Nadia Sample"
    later = details(person.client.visit(newest_link(NADIA)))
    assert (later["Name"], later["Country"]) == ("Somebody Else", "France")
    answer = person.client.post(link, headers={"Origin": ORIGIN})
    assert answer.status_code == 303
    assert newest_signature().opened().name == "Nadia Sample"
    assert newest_signature().country == "GB"


def test_a_corrected_signature_is_confirmed_as_corrected(person: Person, link: str) -> None:
    person.signs(**given(email=NADIA, name="Nadia Corrected", country="FR"))
    person.confirms(NADIA)

    signature = newest_signature()
    assert signature.opened().name == "Nadia Corrected"
    assert signature.country == "FR"
    assert drifts() == []


def test_two_links_of_one_signature_count_once(person: Person, link: str) -> None:
    person.signs(email=NADIA)
    second = newest_link(NADIA)
    assert second != link

    for path, status in ((link, 303), (second, 410)):
        assert person.client.post(path, headers={"Origin": ORIGIN}).status_code == status
    take_in_all()
    assert tallied(newest_signature().petition_id) == 1
    assert drifts() == []


def test_once_confirmed_no_other_link_promises_what_it_does_not_do(
    person: Person, link: str
) -> None:
    person.signs(email=NADIA, name="Nadia Corrected", visibility="full_name")
    second = newest_link(NADIA)
    decline = person.client.visit(second)
    person.client.post(link, headers={"Origin": ORIGIN})

    assert "This link has done its work" in words(person.client.visit(second, status=410))
    answer = person.client.submit(second, decline, {}, form="form[action$=decline]")
    assert answer.status_code == 410
    assert newest_signature().counts


def test_of_many_presses_at_once_one_counts(person: Person, link: str) -> None:
    application = person.client.application

    def press(_number: int) -> int:
        return application.test_client().post(link, headers={"Origin": ORIGIN}).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(press, range(12)))

    assert sorted(statuses) == [303] * MANAGE_LINKS_A_DAY + [410] * (12 - MANAGE_LINKS_A_DAY)
    take_in_all()
    assert tallied(newest_signature().petition_id) == 1


def test_the_count_on_the_page_rises_to_the_next_milestone(person: Person) -> None:
    person.has_signed()
    forget_everything()
    page = parse(person.client.get("/en/petitions/sanction-human-trafficking").text)

    assert words(str(page.select_one(".progress"))).startswith("1 person has signed")
    assert "99 more to go" in words(str(page.select_one(".progress")))


@pytest.mark.parametrize("own_confirms", [False, True])
def test_a_link_that_went_to_another_spelling_leads_nowhere_once_one_has_confirmed(
    own_confirms: bool, person: Person
) -> None:
    own, other = "victim@plusdomain.example", "victim+mallory@plusdomain.example"
    for email in (own, other):
        person.signs(email=email)
    links = {email: newest_link(email) for email in (own, other)}
    person.confirms(own if own_confirms else other)
    left = links[other if own_confirms else own]

    for answer in (
        person.client.get(left),
        person.client.post(left, headers={"Origin": ORIGIN}),
    ):
        assert answer.status_code == 410
        assert "/manage/" not in answer.headers.get("Location", "")
        assert "Nadia" not in answer.text
