"""Whatever is done or looked at behind this door is noted, and never whom somebody looked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import text

from petition.audit.acts import Act
from petition.audit.models import Actor
from petition.cli.organisers import first_invitation
from petition.core.storage.database import transaction
from petition.holds.models import HoldCause
from petition.organisers.models import Organiser, Role
from petition.signatures.models import Visibility
from tests.audit.reading import acts, noted
from tests.grounds.client import ReadingClient, path_of
from tests.letters.posting import LETTER
from tests.organisers.people import PASSWORD, code_of
from tests.web.organiser.conftest import SLUG, LogIn, Supporters
from tests.web.organiser.letters.waiting_cases import PAGE as WAITING
from tests.web.organiser.letters.waiting_cases import decide as decide_letter
from tests.web.organiser.letters.waiting_cases import held
from tests.web.organiser.logging_in import CODE, EMAIL, give_code, give_password
from tests.web.organiser.signatures.test_deciding import LIST, decide

ORGANISER = Actor.ORGANISER


def find(client: ReadingClient, email: str) -> None:
    page = client.visit(LIST)
    client.submit(LIST, page, {"email": email}, form="form[role=search][method=post]")


@contextmanager
def unwritable() -> Iterator[None]:
    """Let the log be out of reach."""
    with transaction() as writing:
        writing.execute(text("ALTER TABLE audit_head RENAME TO audit_head_away"))
    try:
        yield
    finally:
        with transaction() as writing:
            writing.execute(text("ALTER TABLE audit_head_away RENAME TO audit_head"))


def test_logging_in_and_out_is_noted_with_what_failed(
    client: ReadingClient, owner: Organiser
) -> None:
    give_password(client, "wrong")
    give_password(client, "wrong", "nobody@example.org")
    give_password(client)
    give_code(client, "000000")
    give_code(client, code_of(owner))
    client.submit("/organiser/", client.visit("/organiser/"), {}, form="form.masthead__out")

    assert noted() == [
        (Act.LOGIN_FAILED, Actor.SOMEBODY, owner.id, {}),
        (Act.LOGIN_FAILED, Actor.SOMEBODY, None, {}),
        (Act.CODE_REFUSED, Actor.SOMEBODY, owner.id, {}),
        (Act.LOGGED_IN, ORGANISER, owner.id, {}),
        (Act.LOGGED_OUT, ORGANISER, owner.id, {}),
    ]


def test_joining_and_setting_up_are_noted(app: Flask, client: ReadingClient) -> None:
    link = path_of(first_invitation("http://localhost") or "")
    given = {"name": "Ada", "email": EMAIL, "password": PASSWORD, "again": PASSWORD}
    client.submit(link, client.visit(link), given, form="form.desk__form")
    enrolling = client.visit("/organiser/authenticator")
    form = "form[action$='later']"
    client.submit("/organiser/authenticator", enrolling, {}, form=form)

    assert noted() == [
        (Act.INVITED, Actor.TERMINAL, None, {"role": "owner"}),
        (Act.JOINED, ORGANISER, 1, {"role": "owner"}),
        (Act.LOGGED_IN, ORGANISER, 1, {}),
    ]


def test_a_search_is_noted_and_neither_the_address_nor_whether_it_was_found(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in(Role.MODERATOR)
    find(client, "nobody@example.org")
    supporters.sign("Ada One", email="ada@example.org")
    find(client, "ada@example.org")

    searches = [one for one in noted() if one[0] == Act.SEARCHED]
    assert searches == [(Act.SEARCHED, ORGANISER, 1, {"petition": SLUG})] * 2


def test_each_page_of_names_is_noted_and_an_auditors_list_is_not(
    log_in: LogIn, supporters: Supporters
) -> None:
    moderator, auditor = log_in(Role.MODERATOR), log_in(Role.AUDITOR)
    moderator.visit(LIST)
    supporters.sign("Ada One")
    supporters.sign("Bea Two")
    auditor.visit(LIST)
    moderator.visit(f"{LIST}?country=GB")

    assert noted() == [(Act.NAMES_READ, ORGANISER, 1, {"petition": SLUG, "rows": 2})]


def test_a_page_of_names_that_cannot_be_noted_is_not_shown(
    app: Flask, log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One", email="ada@example.org")
    moderator, auditor = log_in(Role.MODERATOR), log_in(Role.AUDITOR)
    page = moderator.visit(LIST)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with unwritable():
        answer = moderator.get(LIST)
        found = moderator.submit(
            LIST, page, {"email": "ada@example.org"}, form="form[role=search][method=post]"
        )
        assert auditor.get(LIST).status_code == 200

    assert answer.status_code >= 500
    assert found.status_code >= 500
    assert "Ada One" not in answer.text + found.text
    assert "Ada One" in moderator.get(LIST).text


def test_decisions_about_signatures_are_noted_by_number_and_without_words(
    log_in: LogIn, supporters: Supporters
) -> None:
    kept = supporters.sign("Ada One", hold=HoldCause.NETWORK)
    public = supporters.sign("Bea Two", visibility=Visibility.FULL_NAME, reason="Because")
    client = log_in(Role.MODERATOR)
    decide(client, kept, "accept")
    decide(client, kept, "strike", why="Bea Two told me")
    decide(client, public, "reason")
    decide(client, public, "reason")

    done = [one for one in noted() if one[0] != Act.NAMES_READ]
    one, other = ({"petition": SLUG, "signature": signature.id} for signature in (kept, public))
    assert done == [
        (Act.SIGNATURE_ACCEPTED, ORGANISER, 1, one),
        (Act.SIGNATURE_INVALIDATED, ORGANISER, 1, one),
        (Act.REASON_SHOWN, ORGANISER, 1, other),
        (Act.REASON_HIDDEN, ORGANISER, 1, other),
    ]


@pytest.mark.usefixtures("letters_open")
def test_letters_read_decided_halted_and_resumed_are_noted(log_in: LogIn) -> None:
    letter = held()
    client = log_in(Role.MODERATOR)
    log_in(Role.AUDITOR).visit(WAITING)
    decide_letter(client, letter, "send")
    home = f"/organiser/letters/{LETTER}"
    for verb in ("stop", "resume"):
        client.submit(home, client.visit(home), {}, form=f"form[action$='/{verb}']")

    campaign = {"letter_campaign": LETTER}
    assert [(act, about) for act, _, _, about in noted()] == [
        (Act.LETTERS_READ, {**campaign, "rows": 1}),
        (Act.LETTER_DECIDED, {**campaign, "letter": letter.id, "decision": "send"}),
        (Act.LETTERS_HALTED, campaign),
        (Act.LETTERS_RESUMED, campaign),
    ]


def test_nothing_is_noted_of_what_did_not_happen(
    app: Flask, client: ReadingClient, owner: Organiser
) -> None:
    client.visit("/organiser/login")
    client.post("/organiser/logout")
    stranger = cast("ReadingClient", app.test_client())
    stranger.get(CODE)

    assert acts() == []
