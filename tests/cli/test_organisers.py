"""The commands with which whoever runs the install lets organisers in and out."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from petition.cli.organisers import first_invitation
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.organisers import sessions
from petition.organisers.models import Role
from tests.grounds.client import ReadingClient, path_of
from tests.organisers.people import PASSWORD, enrol, join

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run `organisers …`; a failure of the command fails the test unless it is asked for."""
    runner = app.test_cli_runner()

    def command(*words: str, fails: bool = False) -> Result:
        result = runner.invoke(args=["organisers", *words])
        assert (result.exit_code != 0) == fails, result.output
        return result

    return command


def link_in(result: Result) -> str:
    return path_of(result.output.splitlines()[-1])


def accept(client: ReadingClient, link: str, email: str) -> int:
    given = {"name": "Ada", "email": email, "password": PASSWORD, "again": PASSWORD}
    return client.submit(link, client.visit(link), given, form="form.desk__form").status_code


def test_add_prints_a_link_that_makes_an_organiser(run: Run, client: ReadingClient) -> None:
    result = run("add", "Ada@Example.org", "--role", "moderator")

    assert accept(client, link_in(result), "ada@example.org") == 303
    assert "moderator\tno authenticator\tada@example.org\tAda" in run("list").output


def test_add_refuses_whoever_has_a_login_and_what_is_no_address(run: Run) -> None:
    join(email="ada@example.org")

    again = run("add", "ADA@example.org", "--role", "editor", fails=True)
    assert "an organiser with this address already" in again.output
    assert "no e-mail address" in run("add", "ada", "--role", "editor", fails=True).output
    assert "emperor" in run("add", "eve@example.org", "--role", "emperor", fails=True).output


def test_reset_logs_out_and_prints_a_link_for_a_new_password(
    run: Run, client: ReadingClient
) -> None:
    ada = join(email="ada@example.org")
    enrol(ada)
    with transaction():
        visit = sessions.begin(ada.id, now(), second_factor=True)
    link = link_in(run("reset", "ada@example.org"))
    session.remove()

    assert sessions.find(visit, now()) is None
    given = {"password": "another long sentence", "again": "another long sentence"}
    answer = client.submit(link, client.visit(link), given, form="form.desk__form")
    assert answer.location == "/organiser/authenticator"


def test_disable_keeps_somebody_out_until_a_reset(run: Run) -> None:
    join(email="ada@example.org")
    run("disable", "ada@example.org")

    assert "disabled" in run("list").output
    assert "reset, until" not in run("list").output
    run("reset", "ada@example.org")
    assert "reset, until" in run("list").output


@pytest.mark.parametrize("command", ["reset", "disable"])
def test_nobody_is_not_found(run: Run, command: str) -> None:
    assert "no organiser with this address" in run(command, "eve@example.org", fails=True).output


def test_list_tells_role_and_state(run: Run) -> None:
    enrol(join(Role.OWNER, email="ada@example.org"))
    join(Role.AUDITOR, email="eve@example.org")
    run("add", "zoe@example.org", "--role", "exporter")
    lines = run("list").output.splitlines()

    assert lines[0].split("\t") == ["1", "owner", "active", "ada@example.org", "Olive Owner"]
    assert lines[1].split("\t")[1:3] == ["auditor", "no authenticator"]
    assert lines[2].startswith("-\texporter\tinvited, until ")


def test_the_first_invitation_is_made_anew_until_somebody_has_used_it(
    app: Flask, client: ReadingClient
) -> None:
    first, second = (first_invitation("http://localhost") for _ in range(2))
    assert first is not None
    assert second is not None

    client.visit(path_of(first), status=410)
    assert accept(client, path_of(second), "anybody@example.org") == 303
    assert first_invitation("http://localhost") is None
