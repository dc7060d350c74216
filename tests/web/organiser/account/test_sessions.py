"""Sessions as their owner sees them: they end by themselves, or when told to."""

from datetime import UTC, datetime, timedelta
from typing import cast

import time_machine
from bs4 import BeautifulSoup
from flask import Flask

from petition.core.storage.database import session
from petition.organisers.models import OrganiserSession
from tests.grounds.client import ReadingClient
from tests.organisers.people import enrol, join
from tests.web.organiser.conftest import LogIn, begin_session

LOGIN, HOME = "/organiser/login", "/organiser/"
AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


def is_inside(client: ReadingClient) -> bool:
    return client.get(HOME).status_code == 200


def test_a_session_ends_after_half_an_hour_without_a_click(log_in: LogIn) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = log_in()
        clock.shift(timedelta(minutes=29))
        assert is_inside(client)
        clock.shift(timedelta(minutes=29))
        assert is_inside(client)
        clock.shift(timedelta(minutes=30))
        assert not is_inside(client)


def test_a_session_ends_after_eight_hours_in_all(log_in: LogIn) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = log_in()
        for _ in range(23):
            clock.shift(timedelta(minutes=20))
            assert is_inside(client)
        clock.shift(timedelta(minutes=20))
        assert not is_inside(client)


def test_logging_out_ends_the_session_on_the_server(log_in: LogIn) -> None:
    client = log_in()
    with client.session_transaction("/organiser/") as cookie:
        token = cookie["token"]
    page = client.visit(HOME)
    answer = client.submit(HOME, page, {}, form="form.masthead__out")
    assert answer.location == LOGIN

    with client.session_transaction("/organiser/") as cookie:
        cookie["token"] = token
    assert not is_inside(client)


def other_sessions(page: BeautifulSoup) -> int:
    return len(page.select("td.act form"))


def test_an_organiser_ends_a_session_that_runs_elsewhere(app: Flask, client: ReadingClient) -> None:
    owner = join()
    enrol(owner)
    clients = [client, cast("ReadingClient", app.test_client())]
    with time_machine.travel(AT, tick=False) as clock:
        for one in clients:
            begin_session(one, owner)
            clock.shift(60)
        here, elsewhere = clients
        page = here.visit("/organiser/sessions")
        assert other_sessions(page) == 1
        here.submit("/organiser/sessions", page, {}, form="td.act form")

        assert is_inside(here)
        assert not is_inside(elsewhere)
        assert other_sessions(here.visit("/organiser/sessions")) == 0


def test_signing_out_everywhere_ends_this_session_too(log_in: LogIn) -> None:
    client = log_in()
    page = client.visit("/organiser/sessions")
    answer = client.submit("/organiser/sessions", page, {}, form="form[action$=end-all]")

    assert answer.location == LOGIN
    assert not is_inside(client)
    assert all(row.revoked_at for row in session.query(OrganiserSession))


def test_ending_a_session_that_is_not_there_changes_nothing(log_in: LogIn) -> None:
    client = log_in()
    page = client.visit("/organiser/sessions")
    token = page.select_one("input[name=csrf_token]")
    assert token is not None
    for wrong in ("", "xyz", "00" * 32):
        client.post(
            "/organiser/sessions/end", data={"csrf_token": token["value"], "session": wrong}
        )

    assert is_inside(client)
