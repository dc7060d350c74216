"""What a program does puts its signature on hold, and nothing tells it so."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from config import Config
from petition.core.clock import now
from petition.core.storage.database import session
from petition.holds.models import Hold, HoldCause
from petition.safekeeping.tallies import drifts
from petition.signatures.models import Signature
from petition.signatures.queries import tallied
from petition.web.forms import form_token
from tests.factories import address, newest_signature, rows
from tests.grounds.client import ORIGIN
from tests.grounds.pages import parse
from tests.web.public.people import Person, all_mails, given, mails_to, page_of, without_tokens

LIMIT = 3


@pytest.fixture
def config(config: Config) -> Config:
    """An install whose limits are reached soon."""
    return replace(config, network_limit=LIMIT, domain_limit=LIMIT)


def causes() -> list[HoldCause]:
    """Return why signatures wait, oldest first."""
    found = [hold.cause for hold in session.query(Hold).order_by(Hold.signature_id)]
    session.commit()
    return found


def assert_like_a_good_one(person: Person, page: str, email: str) -> None:
    """Hold an answer against what an ordinary signature gets; the address differs."""
    other = address()
    good = without_tokens(person.signs(email=other).text).replace(other, "")
    assert without_tokens(page).replace(email, "") == good


def test_an_ordinary_signature_waits_for_nobody(person: Person) -> None:
    person.signs()

    assert causes() == []
    assert not newest_signature().on_hold


def test_a_post_without_a_token_of_ours_buys_no_time(person: Person) -> None:
    page = person.client.visit(page_of())
    typed = given(email="bot@example.org")
    refused = person.client.submit(
        page_of(), page, {**typed, "token": "forged"}, form="#sign form[method=post]"
    )
    assert refused.status_code == 422
    again = person.client.submit(page_of(), parse(refused.text), typed, form="#sign form")

    assert again.status_code == 200
    assert causes() == [HoldCause.TOO_FAST]


def test_who_fills_in_the_hidden_field_is_held_and_mails_nobody(person: Person) -> None:
    typed = given(email="bot@example.org")
    answer = person.signs(**typed, website="http://example.org")

    assert causes() == [HoldCause.HONEYPOT]
    assert newest_signature().on_hold
    assert mails_to("bot@example.org") == []
    # What was typed in the hidden field is carried along in the form that sends the mail again.
    page = answer.text.replace('value="http://example.org"', 'value=""')
    assert_like_a_good_one(person, page, "bot@example.org")


@pytest.mark.parametrize(("seconds", "held"), [(0.0, True), (1.9, True), (2.1, False)])
def test_who_is_faster_than_a_person_is_held(seconds: float, held: bool, person: Person) -> None:
    with time_machine.travel(now(), tick=False) as still:
        token = form_token_of(person)
        still.shift(timedelta(seconds=seconds))
        answer = post(person, token, "bot@example.org")

    assert newest_signature().on_hold is held
    assert causes() == [HoldCause.TOO_FAST] * held
    assert len(mails_to("bot@example.org")) == (0 if held else 1)
    assert answer.status_code == 200
    assert_like_a_good_one(person, answer.text, "bot@example.org")


def form_token_of(person: Person) -> str:
    """Open the page and return the token of its form."""
    hidden = person.client.visit(page_of(person.slug)).select_one("#sign [name=token]")
    assert hidden is not None
    return str(hidden["value"])


def post(person: Person, token: str, email: str, *, network: str = "127.0.0.1") -> TestResponse:
    """Send the form as a program does."""
    return person.client.post(
        page_of(),
        data=given(email=email, token=token),
        headers={"Origin": ORIGIN},
        environ_base={"REMOTE_ADDR": network},
    )


def test_a_program_cannot_make_us_mail_whoever_has_signed(person: Person) -> None:
    person.has_signed(email="nadia@example.org")
    answer = person.signs(email="nadia@example.org", website="http://example.org")

    assert mails_to("nadia@example.org") == []
    page = answer.text.replace('value="http://example.org"', 'value=""')
    assert_like_a_good_one(person, page, "nadia@example.org")


def test_many_from_one_network_are_held_and_never_refused(person: Person) -> None:
    token = form_token_of(person)
    with time_machine.travel(now() + timedelta(seconds=30)):
        answers = [
            post(person, token, f"a@one{n}.example.org", network=f"192.0.2.{n}") for n in range(6)
        ]
        elsewhere = post(person, token, "a@other.example.org", network="198.51.100.1")

    assert {answer.status_code for answer in [*answers, elsewhere]} == {200}
    assert causes() == [HoldCause.NETWORK] * (6 - LIMIT)
    assert len(all_mails()) == 7
    assert not newest_signature().on_hold


def test_many_from_one_domain_are_held_but_not_from_a_large_provider(person: Person) -> None:
    token = form_token_of(person)
    with time_machine.travel(now() + timedelta(seconds=30)):
        for number in range(6):
            network = f"10.{number}.0.1"
            post(person, token, f"supporter{number}@example.org", network=network)
            post(person, token, f"supporter{number}@gmail.com", network=f"10.{number}.1.1")

    assert causes() == [HoldCause.MAIL_DOMAIN] * (6 - LIMIT)
    assert rows(Signature) == 12


def test_the_next_hour_begins_from_nothing(person: Person, clock: time_machine.Traveller) -> None:
    for _ in range(LIMIT + 1):
        person.signs()
    assert causes() == [HoldCause.NETWORK]
    clock.shift(timedelta(hours=1))
    person.signs()

    assert not newest_signature().on_hold


def test_a_held_signature_is_confirmed_but_does_not_count(person: Person) -> None:
    for _ in range(LIMIT):
        person.signs()
    receipt = person.has_signed()

    assert person.client.visit(f"{receipt}/receipt").h1 is not None
    signature = newest_signature()
    assert signature.confirmed_at is not None
    assert not signature.counts
    assert tallied(signature.petition_id) == 0
    assert drifts() == []


def test_a_form_of_another_day_is_shown_again_with_all_that_was_typed(person: Person) -> None:
    answer = person.signs(reads_for=24 * 3600 + 5, name="Nadia Slow", reason="Late")

    assert answer.status_code == 422
    assert "This page was open for a long time. Nothing is lost" in answer.text
    assert 'value="Nadia Slow"' in answer.text
    assert "Late" in answer.text
    assert rows(Signature) == 0


def test_a_form_within_the_day_is_good(person: Person) -> None:
    assert person.signs(reads_for=24 * 3600 - 5).status_code == 200


@pytest.mark.any_database
@pytest.mark.parametrize("token", ["", "x", "1-2.3.x", "999-99999.0", "\u2028", "1" * 9000])
def test_a_token_that_is_not_ours_is_an_error_that_loses_nothing(
    token: str, person: Person
) -> None:
    answer = post(person, token, "nadia@example.org")

    assert answer.status_code == 422
    assert 'value="nadia@example.org"' in answer.text
    assert rows(Signature) == 0


def test_a_token_of_one_petition_is_none_for_another(person: Person, app: Flask) -> None:
    token = form_token_of(Person(person.client, "say-who-was-harmed"))

    assert post(person, token, "nadia@example.org").status_code == 422


def test_a_token_tells_no_more_than_text_and_time(app: Flask) -> None:
    text_id, _, rest = form_token.issue(1, 7).partition("-")

    assert text_id == "7"
    assert float(rest.rpartition(".")[0]) == pytest.approx(now().timestamp(), abs=5)
