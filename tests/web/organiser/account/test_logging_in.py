"""Logging in with a password and a code, slowly after failures, and out again."""

from typing import cast

import pytest
from flask import Flask
from sqlalchemy import update

from petition.core.storage.database import transaction
from petition.organisers import authenticators, invitations, passwords, sessions
from petition.organisers.models import Organiser
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.organisers.people import PASSWORD, code_of, enrol, join
from tests.web.organiser.logging_in import (
    AT,
    CODE,
    EMAIL,
    HOME,
    LOGIN,
    errors,
    give_code,
    give_password,
    is_inside,
)


def test_an_organiser_logs_in_with_password_and_code(
    client: ReadingClient, owner: Organiser
) -> None:
    assert give_password(client).status_code == 303
    assert client.get(HOME).location == CODE

    assert give_code(client, code_of(owner)).location == HOME
    page = client.visit(HOME)
    assert "Olive Owner" in page.header.get_text() if page.header else False
    assert client.get(LOGIN).location == HOME
    assert client.get(CODE).location == HOME


def test_the_session_is_another_one_after_the_second_step(
    client: ReadingClient, owner: Organiser
) -> None:
    give_password(client)
    with client.session_transaction("/organiser/") as cookie:
        half = cookie["token"]
    give_code(client, code_of(owner))
    with client.session_transaction("/organiser/") as cookie:
        whole = cookie["token"]
        cookie["token"] = half

    assert whole != half
    assert not is_inside(client)


def test_a_code_that_was_used_does_not_work_in_another_browser(
    app: Flask, client: ReadingClient, owner: Organiser
) -> None:
    code = code_of(owner)
    give_password(client)
    give_code(client, code)

    second = cast("ReadingClient", app.test_client())
    give_password(second)
    answer = give_code(second, code)

    assert answer.status_code == 422
    assert errors(answer) == ["This code is not right, or it was used already; try the next one"]


def test_a_recovery_code_stands_in_for_the_app_once(app: Flask, client: ReadingClient) -> None:
    codes = enrol(join())
    give_password(client)
    assert give_code(client, codes[0].upper()).location == HOME
    assert "9 recovery codes are left" in client.visit("/organiser/sessions").get_text()

    second = cast("ReadingClient", app.test_client())
    give_password(second)
    assert give_code(second, codes[0]).status_code == 422


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "many words make two locks"), ("nobody@example.org", PASSWORD)],
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_words(
    client: ReadingClient, owner: Organiser, email: str, password: str
) -> None:
    answer = give_password(client, password, email)

    assert answer.status_code == 422
    assert errors(answer) == ["The address or the password is not right"]
    assert parse(answer.text).title.get_text().startswith("Error: ")  # type: ignore[union-attr]


def test_an_unknown_address_is_checked_against_a_hash_too(
    client: ReadingClient, owner: Organiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []

    def watched(stored: str | None, _password: str) -> bool:
        checked.append(stored)
        return False

    monkeypatch.setattr("petition.organisers.passwords.matches", watched)
    give_password(client, email="nobody@example.org")
    give_password(client)

    assert checked == [None, owner.password_hash]


def test_a_disabled_organiser_gets_the_words_of_a_wrong_password(
    client: ReadingClient, owner: Organiser
) -> None:
    with transaction():
        invitations.disable(owner, AT)

    assert errors(give_password(client)) == ["The address or the password is not right"]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"email": "", "password": ""}, ["Enter your e-mail address", "Enter your password"]),
        (
            {"email": "ada", "password": "x"},
            ["Enter an e-mail address in full, like name@example.org"],
        ),
        ({"email": EMAIL, "password": "x" * 257}, ["This is longer than any password here"]),
    ],
)
def test_bad_input_is_named_beside_its_field(
    client: ReadingClient, values: dict[str, str], words: list[str]
) -> None:
    answer = client.submit(LOGIN, client.visit(LOGIN), values)

    assert answer.status_code == 422
    assert errors(answer) == words
    assert values["password"] == "" or values["password"] not in answer.text.replace("x", "")


def test_a_reset_shuts_out_whoever_knows_password_and_code(
    client: ReadingClient, owner: Organiser
) -> None:
    with transaction():
        invitations.reset(owner, AT)

    assert errors(give_password(client)) == ["The address or the password is not right"]


def test_a_second_step_does_not_revive_a_session_that_was_ended(
    client: ReadingClient, owner: Organiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(client)
    page = client.visit(CODE)

    def ended_meanwhile(*_args: object) -> bool:
        sessions.end_all(owner.id, AT)
        return True

    monkeypatch.setattr(authenticators, "use_code", ended_meanwhile)
    answer = client.submit(CODE, page, {"code": "000000"}, form="form.desk__form")

    assert answer.location == LOGIN
    assert not is_inside(client)


def test_a_reset_during_the_first_step_wins(
    client: ReadingClient, owner: Organiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.visit(LOGIN)
    really_matches = passwords.matches

    def reset_meanwhile(stored: str | None, password: str) -> bool:
        right = really_matches(stored, password)
        with transaction() as database:
            database.execute(update(Organiser).values(password_hash="!"))
        return right

    monkeypatch.setattr(passwords, "matches", reset_meanwhile)
    answer = client.submit(LOGIN, page, {"email": EMAIL, "password": PASSWORD})

    assert answer.location == LOGIN
    assert sessions.live(owner.id, AT) == []
