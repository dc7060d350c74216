"""Whatever is typed into a field: a clear error, or what was typed comes back whole."""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest
import time_machine
from email_validator import validate_email
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from config import Config
from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.core.storage.database import session, transaction
from petition.exports import actions as exports
from petition.exports.models import Contents, ExportScope
from petition.outbox.actions import Claim
from petition.outbox.envelopes import envelope_of
from petition.petitions.models import Petition
from petition.signatures.models import Signature
from petition.signatures.persons import Person as Sealed
from petition.web.forms.fields import tidy
from tests.factories import NOON, SLUG, load_sample, make_ask, make_organiser, rows, signed
from tests.grounds.exporting import made
from tests.grounds.naughty import FRAGMENTS, addresses, letters, texts
from tests.web.public.people import Person, all_mails, page_of
from tests.web.public.posting import Poster, poster

pytestmark = pytest.mark.slow("posts hundreds of troublemakers")

FORMULA = tuple("=+-@＝＋－＠")
BLANK = ' "\u00a0\u200b\u200d\u2060\ufeff\u3000\u00ad'
PostForm = Callable[[dict[str, str]], None]
TryTogether = Callable[[Sequence[str], PostForm], None]
TryAll = Callable[[st.SearchStrategy[str], Callable[[str], None]], None]


@pytest.fixture
def config(config: Config) -> Config:
    """An install that lets any number sign from one network."""
    return replace(config, network_limit=1_000_000, domain_limit=1_000_000)


@pytest.fixture
def sender(clock: time_machine.Traveller, app: Flask) -> Poster:
    """Somebody with the form of a petition that asks for everything, a postcode too."""
    load_sample(NOON - timedelta(days=10))
    with transaction() as writing:
        writing.execute(update(Petition).values(routes_by_area=True))
    forget_everything()
    made = poster(app)
    clock.shift(30)
    return made


@pytest.fixture
def try_all(examples: int) -> TryAll:
    """Post every known troublemaker, and as many more as this run and database have time for."""

    def post_all(strategy: st.SearchStrategy[str], post: Callable[[str], None]) -> None:
        seen: set[str] = set()

        def once(value: str) -> None:
            if value not in seen:
                seen.add(value)
                post(value)

        for fragment in FRAGMENTS:
            once(fragment)
        if examples:
            settings(max_examples=examples)(given(strategy)(once))()
        assert len(seen) >= len(set(FRAGMENTS)) + examples // 2

    return post_all


@pytest.fixture
def try_together(try_all: TryAll) -> TryTogether:
    """Post them in several fields at once: each value passes through each field."""

    def post_all(names: Sequence[str], post: PostForm) -> None:
        passing = deque([""] * len(names), maxlen=len(names))

        def post_next(value: str) -> None:
            passing.appendleft(value)
            post(dict(zip(names, passing, strict=True)))

        try_all(texts(), post_next)

    return post_all


def stored() -> dict[str, Sealed]:
    """Return every signer in the clear, by address."""
    people = [signature.opened() for signature in session.scalars(select(Signature))]
    session.commit()
    return {person.email: person for person in people}


def exported() -> dict[str, dict[str, str]]:
    """Return the rows of a full export as a spreadsheet reads them, by address."""
    petition = session.scalars(select(Petition.id).where(Petition.slug == SLUG)).one()
    organiser = make_organiser().id
    with transaction():
        everything = Contents(ExportScope.EVERYTHING)
        export = exports.begin(petition, organiser, "To look", everything, now())
    text = made(export).decode("utf-8-sig")
    return {row["email"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def formulae(cell: str) -> list[str]:
    """Return what a spreadsheet may take for a formula, whatever separates its cells."""
    pieces = re.split(r"[;\t\r\n]", cell)
    return [piece for piece in pieces if piece.lstrip(BLANK).startswith(FORMULA)]


def hold_against(taken: dict[str, str], field: str) -> None:
    """Hold the database and an export against what was taken for good."""
    people, table = stored(), exported()
    assert rows(Signature) == len(people) == len(table) == len(taken)
    assert taken != {}
    for address, value in taken.items():
        assert (getattr(people[address], field) or "") == value
        cell = table[address][field]
        assert formulae(cell) == []
        assert cell == value or (formulae(value) and without_quotes(cell) == without_quotes(value))


def without_quotes(text: str) -> str:
    """Return a text without the mark that turns a formula into text."""
    return text.replace("'", "")


@pytest.mark.parametrize("field", ["name", "reason", "postcode"])
def test_words_come_back_whole_or_are_refused(field: str, sender: Poster, try_all: TryAll) -> None:
    taken: dict[str, str] = {}
    good = {"postcode": "SW1A 1AA"}

    def post(value: str) -> None:
        address, answer = sender.sign(**{**good, field: value})
        if answer.status_code == 200:
            taken[address] = tidy(value)
        else:
            assert answer.status_code == 422
            assert "There is a problem" in answer.text

    try_all(texts() | letters(), post)
    hold_against(taken, field)


def test_an_address_is_refused_or_gets_a_mail_that_can_leave(
    sender: Poster, try_all: TryAll
) -> None:
    taken: dict[str, str] = {}

    def post(value: str) -> None:
        _, answer = sender.sign(email=value, postcode="SW1A 1AA")
        if answer.status_code == 200:
            checked = validate_email(tidy(value), check_deliverability=False)
            address = checked.ascii_email or ""
            taken.setdefault(address.lower(), address)
        else:
            assert answer.status_code == 422
            assert 'href="#email"' in answer.text

    try_all(addresses(), post)
    people, mails = stored(), all_mails()
    assert "a+b@example.org" in people
    assert {mail.to for mail in mails} >= people.keys()
    for mail in mails:
        assert mail.to.lower() in taken
        claim = Claim(1, "0" * 32, NOON, 0, mail)
        octets = envelope_of(claim, sender="petitions@example.org").octets
        assert message_from_bytes(octets)["To"] == mail.to
        head = octets.partition(b"\r\n\r\n")[0]
        assert head.split(b"\r\n").count(b"To: " + mail.to.encode()) == 1


@pytest.mark.any_database
def test_answers_that_are_no_choices_are_refused(sender: Poster, try_together: TryTogether) -> None:
    def post(form: dict[str, str]) -> None:
        _, answer = sender.sign(**{"postcode": "SW1A 1AA", **form})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text

    try_together(["country", "visibility", "organiser_mail", "token"], post)
    assert rows(Signature) == 0


@pytest.mark.any_database  # which hears of none of them
@pytest.mark.parametrize("field", ["country", "visibility", "organiser_mail", "token"])
def test_each_answer_that_is_no_choice_is_refused_alone(field: str, sender: Poster) -> None:
    for fragment in FRAGMENTS:
        _, answer = sender.sign(**{"postcode": "SW1A 1AA", field: fragment})
        assert answer.status_code == 422


@pytest.mark.any_database
def test_the_hidden_field_takes_anything_and_tells_nothing(sender: Poster, try_all: TryAll) -> None:
    def post(value: str) -> None:
        _, answer = sender.sign(website=value, postcode="SW1A 1AA")
        assert answer.status_code == 200
        assert "Check your inbox" in answer.text

    try_all(texts(), post)


def test_the_request_for_a_link_takes_any_address(sender: Poster, try_all: TryAll) -> None:
    def post(value: str) -> None:
        form = {"email": value, "website": "", "token": sender.token}
        assert sender.post(f"{page_of()}/manage", form).status_code in {200, 422}

    try_all(addresses(), post)


def test_the_request_for_a_link_takes_anything_else(
    sender: Poster, try_together: TryTogether
) -> None:
    def post(form: dict[str, str]) -> None:
        form["email"] = "nadia@example.org"
        assert sender.post(f"{page_of()}/manage", form).status_code in {200, 422}

    try_together(["website", "token"], post)


def test_the_forms_of_the_page_that_manages_take_anything(
    person: Person, app: Flask, try_together: TryTogether
) -> None:
    sender, links, ask = poster(app), [person.has_signed()], make_ask()

    def post(form: dict[str, str]) -> None:
        answer = sender.post(f"{links[-1]}/appearance", {"visibility": form["visibility"]})
        assert answer.status_code in {303, 422}
        assert sender.get(links[-1], query_string={"done": form["done"]}).status_code == 200
        answer = sender.post(f"{links[-1]}/erase", {"sure": form["sure"]})
        if answer.status_code == 200:
            assert rows(Signature) == 0
            links.append(signed_again())

    def signed_again() -> str:
        _, token = signed(ask, at=now())
        return f"/en/manage/{token}"

    try_together(["visibility", "done", "sure"], post)
