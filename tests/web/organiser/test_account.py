"""Logging in with a password and a code, slowly after failures, and out again."""

from datetime import UTC, datetime
from typing import cast

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from petition.core.database import session, transaction
from petition.organisers import authenticators, invitations, passwords, sessions, throttling
from petition.organisers.models import LoginFailure, Organiser, email_tag
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.organisers.people import PASSWORD, code_of, enrol, join

LOGIN, CODE, HOME = "/organiser/login", "/organiser/login/code", "/organiser/"
EMAIL = "owner@example.org"
AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


@pytest.fixture
def owner(app: Flask) -> Organiser:
    organiser = join()
    enrol(organiser)
    return organiser


def give_password(
    client: ReadingClient, password: str = PASSWORD, email: str = EMAIL
) -> TestResponse:
    page = client.visit(LOGIN)
    return client.submit(LOGIN, page, {"email": email, "password": password})


def give_code(client: ReadingClient, code: str) -> TestResponse:
    return client.submit(CODE, client.visit(CODE), {"code": code}, form="form.desk__form")


def errors(answer: TestResponse) -> list[str]:
    summary = parse(answer.text).select(".error-summary__list li")
    return [line.get_text(strip=True) for line in summary]


def is_inside(client: ReadingClient) -> bool:
    return client.get(HOME).status_code == 200


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
    assert errors(answer) == ["This code is not right, or it was used already"]


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


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_failures_slow_down_whether_or_not_the_account_exists(
    client: ReadingClient, owner: Organiser, email: str
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        for _ in range(5):
            assert give_password(client, "wrong", email).status_code == 422
        answer = give_password(client, PASSWORD, email)
        assert answer.status_code == 429
        assert errors(answer) == ["Too many tries. Try again in 1 second"]

        clock.shift(1)
        assert give_password(client, "wrong", email).status_code == 422
        assert errors(give_password(client, "wrong", email)) == [
            "Too many tries. Try again in 2 seconds"
        ]


def test_the_owner_gets_in_after_the_wait_and_failures_are_forgotten(
    client: ReadingClient, owner: Organiser
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        for _ in range(5):
            give_password(client, "wrong")
        clock.shift(2)
        give_password(client)
        give_code(client, code_of(owner))
        assert is_inside(client)
        account = throttling.account(email_tag(EMAIL))
        assert session.query(LoginFailure).filter_by(scope_tag=account.tag).count() == 0


def test_a_right_password_alone_does_not_clear_the_failures(
    client: ReadingClient, owner: Organiser
) -> None:
    with time_machine.travel(AT, tick=False):
        for _ in range(4):
            give_password(client, "wrong")
        assert give_password(client).status_code == 303
        client.post("/organiser/logout")
        client.delete_cookie("organiser")
        assert give_password(client, "wrong").status_code == 422
        assert give_password(client).status_code == 429


def test_wrong_codes_slow_down_too(client: ReadingClient, owner: Organiser) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        give_password(client)
        for _ in range(5):
            assert give_code(client, "000000").status_code == 422
        assert give_code(client, code_of(owner)).status_code == 429
        clock.shift(1)
        assert give_code(client, code_of(owner)).status_code == 303


def test_one_network_that_guesses_at_many_accounts_waits(
    client: ReadingClient, owner: Organiser
) -> None:
    with time_machine.travel(AT, tick=False):
        for number in range(20):
            give_password(client, "wrong", f"guess{number}@example.org")

        assert give_password(client).status_code == 429
        page = client.visit(LOGIN)
        elsewhere = client.submit(
            LOGIN,
            page,
            {"email": EMAIL, "password": PASSWORD},
            environ_base={"REMOTE_ADDR": "198.51.100.7"},
        )
        assert elsewhere.status_code == 303


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
