"""Failures slow down: account, network and known browser apart. Nothing is locked for ever."""

from datetime import timedelta
from typing import cast

import pyotp
import pytest
import time_machine
from flask import Flask

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.organisers import invitations, throttling
from petition.organisers.models import LoginFailure, Organiser, email_tag
from petition.web.organiser.door import device_mark
from tests.grounds.client import ReadingClient
from tests.organisers.people import PASSWORD, code_of
from tests.web.organiser.logging_in import (
    AT,
    EMAIL,
    LOGIN,
    errors,
    give_code,
    give_password,
    is_inside,
)

ENROL = "/organiser/authenticator"


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


def test_a_stranger_who_guesses_without_end_does_not_slow_the_owners_own_browser(
    app: Flask, client: ReadingClient, owner: Organiser
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        give_password(client)
        give_code(client, code_of(owner))
        leave = client.visit("/organiser/sessions")
        client.submit("/organiser/sessions", leave, {}, form="form[action$=end-all]")
        assert not is_inside(client)
        stranger = cast("ReadingClient", app.test_client())
        for _ in range(25):  # more than the network has free, too
            give_password(stranger, "wrong")
            clock.shift(61)
        give_password(stranger, "wrong")
        assert give_password(stranger).status_code == 429

        assert give_password(client).status_code == 303
        assert give_code(client, code_of(owner)).status_code == 303
        assert is_inside(client)


def test_guessing_in_a_known_browser_is_slowed_down_as_well(
    client: ReadingClient, owner: Organiser
) -> None:
    with time_machine.travel(AT, tick=False):
        give_password(client)
        give_code(client, code_of(owner))
        client.delete_cookie("organiser", path="/organiser/")
        client.delete_cookie("organiser")
        for _ in range(5):
            assert give_password(client, "wrong").status_code == 422

        assert give_password(client).status_code == 429


def test_a_browser_is_known_for_one_account_and_for_half_a_year(
    app: Flask, client: ReadingClient, owner: Organiser
) -> None:
    other = email_tag("other@example.org")
    with time_machine.travel(AT, tick=False) as clock:
        give_password(client)
        give_code(client, code_of(owner))
        mark = client.get_cookie("known-browser", path="/organiser/")
        assert mark is not None
        assert mark.http_only
        with app.test_request_context(headers={"Cookie": f"known-browser={mark.value}"}):
            assert device_mark.mark_of(owner.email_tag)
            assert device_mark.mark_of(other) is None
            clock.shift(device_mark.REMEMBERED + timedelta(seconds=2))
            assert device_mark.mark_of(owner.email_tag) is None
        with app.test_request_context(headers={"Cookie": "known-browser=anything"}):
            assert device_mark.mark_of(owner.email_tag) is None


def test_who_is_kept_out_by_a_stranger_from_many_networks_gets_in_by_a_new_link(
    app: Flask, client: ReadingClient, owner: Organiser
) -> None:
    """One wrong try a minute is enough to keep a new browser waiting; a link passes it by."""
    stranger = cast("ReadingClient", app.test_client())
    given = {"email": EMAIL, "password": "wrong"}

    def guess(number: int) -> None:
        address = {"REMOTE_ADDR": f"198.51.{number}.7"}
        assert stranger.submit(LOGIN, page, given, environ_base=address).status_code in {422, 429}

    with time_machine.travel(AT, tick=False) as clock:
        page = stranger.visit(LOGIN)
        for number in range(30):
            guess(number)
            clock.shift(60)
        guess(30)
        kept_out = give_password(client)
        assert kept_out.status_code == 429
        assert "Is it somebody else who tries?" in kept_out.text

        with transaction():
            link = f"/organiser/join/{invitations.reset(owner, now())}"
        again = {"password": "another long sentence", "again": "another long sentence"}
        client.submit(link, client.visit(link), again, form="form.desk__form")
        guess(31)
        page_to_enrol = client.visit(ENROL)
        secret = page_to_enrol.select_one("[data-secret]").get_text().replace(" ", "")  # type: ignore[union-attr]
        code = {"code": pyotp.TOTP(secret).at(now())}
        client.submit(ENROL, page_to_enrol, code, form="form.desk__form")
        assert is_inside(client)
        client.delete_cookie("organiser", path="/organiser/")
        client.delete_cookie("organiser")
        for number in range(32, 62):
            guess(number)
            clock.shift(60)

        assert give_password(client, "another long sentence").status_code == 303
