"""The second button behind the link of a mail: delete what was noted."""

from bs4 import BeautifulSoup

from petition.links.models import MailedLink
from petition.signatures.models import Signature, SignatureState, TallyEntry
from tests.factories import newest_signature, rows
from tests.grounds.pages import parse
from tests.web.public.people import Person, links_to, newest_link, words
from tests.web.public.petitions.test_confirming import NADIA, everything, link

__all__ = ["link"]


def declines(person: Person, link: str) -> BeautifulSoup:
    """Press the second button, and return the page that follows."""
    page = person.client.visit(link)
    answer = person.client.submit(link, page, {}, form="form[action$=decline]")
    assert answer.status_code == 200
    return parse(answer.text)


def test_whoever_did_not_sign_has_what_was_noted_deleted_at_once(person: Person, link: str) -> None:
    assert "It is deleted" in words(declines(person, link))

    assert rows(Signature) == rows(MailedLink) == rows(TallyEntry) == 0
    assert links_to(NADIA) == []
    assert person.client.get(link).status_code == 404


def test_declining_a_second_signature_leaves_the_withdrawn_one_as_it_was(person: Person) -> None:
    manage = person.has_signed(email=NADIA)
    page = person.client.visit(manage)
    person.client.submit(manage, page, {}, form="form[action$=withdraw]")
    person.signs(email=NADIA, name="Somebody Else")
    page = declines(person, newest_link(NADIA))

    signature = newest_signature()
    assert signature.state == SignatureState.WITHDRAWN
    assert signature.opened().name == "Nadia Sample"
    assert "stays withdrawn" in words(page)


def test_opening_the_address_of_the_second_button_deletes_nothing(
    person: Person, link: str
) -> None:
    before = everything()
    assert person.client.get(f"{link}/decline").location == link

    assert everything() == before


def test_what_is_confirmed_cannot_be_declined_any_more(person: Person, link: str) -> None:
    page = person.client.visit(link)
    person.confirms(NADIA)
    answer = person.client.submit(link, page, {}, form="form[action$=decline]")

    assert answer.status_code == 410
    assert newest_signature().counts
