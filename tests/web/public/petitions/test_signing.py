"""Signing: the form, its errors, and the page that asks to look in the inbox."""

import pytest
import time_machine
from sqlalchemy import update
from werkzeug.test import TestResponse

from petition.core.memory import forget_everything
from petition.core.storage.database import transaction
from petition.holds.models import Hold
from petition.petitions.models import Petition
from petition.signatures.models import Signature, SignatureState, Visibility
from tests.factories import newest_signature, rows
from tests.grounds.client import ORIGIN
from tests.grounds.pages import parse
from tests.web.public.people import (
    Person,
    given,
    mails_to,
    page_of,
    problems,
    texts,
    without_tokens,
    words,
)

FORM = "#sign form[method=post]"


def test_the_questions_come_in_their_order(person: Person) -> None:
    form = person.client.visit(page_of()).select_one(FORM)
    assert form is not None

    labels = form.select(".field > .field__label, .field > legend")
    assert texts(labels) == [
        "Full name",
        "E-mail address",
        "Country where you live",
        "How your name appears",
        "May Sample Coalition e-mail you?",
        "Why you sign (optional)",
    ]
    name, email = form.select_one("[name=name]"), form.select_one("[name=email]")
    assert name is not None
    assert email is not None
    assert (name["autocomplete"], email["autocomplete"]) == ("name", "email")
    assert "neither published nor given to officials" in words(str(form))


def test_a_name_is_private_and_mail_unanswered_unless_the_person_says_so(person: Person) -> None:
    form = person.client.visit(page_of()).select_one(FORM)
    assert form is not None

    visibility = form.select("[name=visibility]")
    assert [radio["value"] for radio in visibility] == list(Visibility)
    assert [radio.has_attr("checked") for radio in visibility] == [True, False, False]
    answers = form.select("[name=organiser_mail]")
    assert [radio["value"] for radio in answers] == ["yes", "no"]
    assert [radio.has_attr("checked") for radio in answers] == [False, False]


def test_the_campaigns_countries_come_first_and_the_others_from_a_to_z(person: Person) -> None:
    form = person.client.visit(page_of()).select_one(FORM)
    assert form is not None

    groups = form.select("optgroup")
    first = [str(option["value"]) for option in groups[0].select("option")]
    others = texts(groups[2].select("option"))
    assert first == ["US", "CA", "GB"]
    assert len(groups[1].select("option")) == 27
    assert others[0] == "Afghanistan"
    assert others[-1] == "Zimbabwe"
    assert len(others) + 30 > 240


def test_a_good_form_asks_to_look_in_the_inbox(person: Person) -> None:
    answer = person.signs(email="Nadia+petition@Example.org", reason="  Because  ")

    assert answer.status_code == 200
    page = parse(answer.text)
    assert page.h1 is not None
    assert page.h1.get_text() == "Check your inbox"
    assert "Nadia+petition@example.org" in words(page)
    signature = newest_signature()
    assert signature.state == SignatureState.PENDING
    assert signature.opened().name == "Nadia Sample"
    assert signature.opened().email == "Nadia+petition@example.org"
    assert signature.opened().reason == "Because"
    assert not signature.on_hold
    assert len(mails_to("Nadia+petition@example.org")) == 1


def sent_empty(person: Person) -> TestResponse:
    empty = given(name="", email="", country="")
    del empty["organiser_mail"]
    page = person.client.visit(page_of())
    return person.client.submit(page_of(), page, empty, form=FORM)


def test_every_mistake_is_named_on_top_with_a_link_and_beside_its_field(person: Person) -> None:
    answer = sent_empty(person)

    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")
    found = problems(answer)
    assert list(found.values()) == [
        "Enter your full name",
        "Enter your e-mail address",
        "Choose the country where you live",
        "Choose yes or no for e-mail",
    ]
    for target, message in found.items():
        control = page.select_one(target)
        assert control is not None
        assert control.name in {"input", "select"}
        field = control.find_parent(class_="field")
        assert field is not None
        assert message in field.get_text()
        described = str(control.get("aria-describedby", "")) or str(field["aria-describedby"])
        assert any(
            message in beside.get_text()
            for name in described.split()
            if (beside := page.select_one(f"#{name}"))
        )


def test_what_was_typed_is_kept_when_something_else_is_wrong(person: Person) -> None:
    answer = person.signs(
        name="Zoë <Example>",
        email="no address",
        country="CA",
        visibility="first_name",
        organiser_mail="yes",
        reason="Because\nof it & all",
    )

    assert answer.status_code == 422
    page = parse(answer.text)
    typed = {str(tag["name"]): str(tag["value"]) for tag in page.select("#sign input[type=text]")}
    assert typed["name"] == "Zoë <Example>"
    assert [str(tag["value"]) for tag in page.select("#sign input[type=email]")] == ["no address"]
    chosen = page.select("#sign option[selected], #sign input[checked]")
    assert [str(tag["value"]) for tag in chosen] == ["CA", "first_name", "yes"]
    assert page.select("#sign textarea")[0].get_text().strip() == "Because\nof it & all"
    assert list(problems(answer).values()) == [
        "Enter an e-mail address in full, like name@example.org"
    ]
    assert rows(Signature) == 0


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "x" * 121, "Use at most 120 characters; this has 121"),
        ("name", "1234", "Enter your name in letters"),
        ("email", "nadia@", "Enter an e-mail address in full, like name@example.org"),
        ("email", "nadia@localhost", "Enter an e-mail address in full, like name@example.org"),
        ("country", "ZZ", "Choose a country from the list"),
        ("visibility", "everywhere", "Choose how your name appears"),
        ("organiser_mail", "maybe", "Choose yes or no for e-mail"),
        ("reason", "x" * 501, "Use at most 500 characters; this has 501"),
    ],
)
def test_a_wrong_answer_is_named(field: str, value: str, message: str, person: Person) -> None:
    answer = person.signs(**{field: value})

    assert answer.status_code == 422
    assert list(problems(answer).values()) == [message]
    assert rows(Signature) == 0


def test_a_postcode_is_asked_only_where_the_petition_routes_by_area(person: Person) -> None:
    assert person.client.visit(page_of()).select("[name=postcode]") == []
    with transaction() as session:
        session.execute(update(Petition).values(routes_by_area=True))
    forget_everything()

    assert len(person.client.visit(page_of()).select("[name=postcode]")) == 1
    assert list(problems(person.signs()).values()) == ["Enter your postcode"]
    assert person.signs(postcode="SW1A 1AA").status_code == 200
    assert newest_signature().opened().postcode == "SW1A 1AA"


def test_a_first_and_a_repeated_signature_get_the_same_answer(person: Person) -> None:
    typed = given(email="nadia@example.org")
    first = person.signs(**typed)
    again = person.signs(**typed)
    once_more = person.signs(**typed)
    person.confirms(typed["email"])
    after = person.signs(**typed)

    answers = [first, again, once_more, after]
    assert {answer.status for answer in answers} == {"200 OK"}
    assert len({without_tokens(answer.text) for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert rows(Signature) == 1


def test_a_mailbox_that_has_not_confirmed_gets_two_mails_at_most(person: Person) -> None:
    typed = given(email="nadia@example.org")
    for _ in range(4):
        person.signs(**typed)

    assert len(mails_to("nadia@example.org")) == 2


def test_the_inbox_page_offers_to_correct_the_address(person: Person) -> None:
    answer = person.signs(email="nadai@example.org", reason="Two\nlines", visibility="full_name")
    correct, _again = parse(answer.text).select("form[method=post]")
    page = parse(str(correct))

    corrected = person.client.submit(page_of(), page, {"email": "nadia@example.org"})

    assert corrected.status_code == 200
    signature = newest_signature()
    assert signature.opened().email == "nadia@example.org"
    assert signature.opened().reason == "Two\nlines"
    assert signature.visibility == Visibility.FULL_NAME


def test_the_inbox_page_offers_to_send_again_within_the_cap(
    person: Person, clock: time_machine.Traveller
) -> None:
    answer = person.signs(email="nadia@example.org")
    clock.shift(60)
    for _ in range(3):
        _correct, again = parse(answer.text).select("form[method=post]")
        answer = person.client.submit(page_of(), parse(str(again)), {})
        assert answer.status_code == 200

    assert len(mails_to("nadia@example.org")) == 2


def test_the_consent_is_kept_with_its_time(person: Person) -> None:
    person.signs(organiser_mail="yes")

    signature = newest_signature()
    assert signature.mail_allowed
    assert signature.mail_answered_at == signature.signed_at


def test_a_post_without_a_form_is_an_error_and_no_fault(person: Person) -> None:
    answer = person.client.post(page_of(), headers={"Origin": ORIGIN})

    assert answer.status_code == 422
    assert rows(Signature) + rows(Hold) == 0
