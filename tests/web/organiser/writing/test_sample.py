"""The sample campaign is removed by an owner who typed its name; nothing else ever is."""

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from petition.audit.acts import Act
from petition.audit.models import Actor
from petition.core.storage.database import transaction
from petition.organisers.models import Role
from petition.publishing.loading import load_campaign
from petition.publishing.removing import sample_campaign
from petition.signatures.models import Signature
from tests.audit.reading import noted
from tests.campaigns.folders import changed
from tests.factories import NOON, load_sample, rows
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.organisers.people import code_of
from tests.publishing.river import load_agreed, written
from tests.web.organiser.conftest import LogIn, Supporters, whose

HOME, PAGE = "/organiser/", "/organiser/sample"
NAME = "magnitsky-month-2026"


def remove(client: ReadingClient, name: str = NAME, code: str | None = None) -> TestResponse:
    given = {"name": name, "code": code_of(whose(client)) if code is None else code}
    return client.submit(PAGE, client.visit(PAGE), given, form="form.desk__form")


def notices(client: ReadingClient) -> list[str]:
    found = client.visit(HOME).select(".notice:not(.notice--warning)")
    return [one.get_text(" ", strip=True) for one in found]


def test_an_owner_removes_the_sample_with_all_that_people_did_in_it(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign()
    client = log_in()
    page = client.visit(str(client.visit(HOME).select_one(".notice a")["href"]))  # type: ignore[index]

    assert "What goes, for good: 1 signature, 0 letters, and all" in page.get_text(" ", strip=True)
    assert remove(client).location == HOME
    assert notices(client) == [f"Done “{NAME}” is removed, with all that people did in it."]
    assert rows(Signature) == 0
    assert sample_campaign() is None
    assert noted()[-1] == (
        Act.SAMPLE_REMOVED,
        Actor.ORGANISER,
        whose(client).id,
        {"campaign": NAME},
    )
    client.visit(PAGE, status=404)


@pytest.mark.any_database
@pytest.mark.usefixtures("petition")
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": ""}, "Type the name of the sample campaign"),
        ({"name": "river"}, "That is not its name; nothing was removed"),
        ({"code": "000000"}, "This code is not right, or it was used already; try the next one"),
    ],
    ids=["no name", "another name", "a wrong code"],
)
def test_without_its_name_and_a_fresh_code_nothing_is_removed(
    log_in: LogIn, given: dict[str, str], told: str
) -> None:
    answer = remove(log_in(), **given)

    assert answer.status_code == 422
    assert parse(answer.text).select_one(".error-summary__list li").get_text() == told  # type: ignore[union-attr]
    assert sample_campaign() is not None


@pytest.mark.any_database
def test_what_stays_for_letters_of_other_campaigns_is_named(log_in: LogIn, tmp_path: Path) -> None:
    load_sample()
    load_agreed(changed(written(tmp_path / "own"), "gaps/harm.toml", "number = 1", "number = 9"))
    client = log_in()
    remove(client)

    assert "go to them: ca-mp-example-centre, gb-mp-example-north." in notices(client)[-1]


@pytest.mark.any_database
def test_without_a_sample_there_is_nothing_to_remove(log_in: LogIn, tmp_path: Path) -> None:
    with transaction():
        load_campaign(written(tmp_path / "own"), NOON)
    client = log_in()

    assert notices(client) == []
    client.visit(PAGE, status=404)


@pytest.mark.any_database
@pytest.mark.usefixtures("petition")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_whoever_is_no_owner_sees_that_there_is_a_sample_and_cannot_remove_it(
    log_in: LogIn, role: Role
) -> None:
    client = log_in(role)

    assert "The sample campaign is on this site" in notices(client)[0]
    assert client.visit(HOME).select(".notice a") == []
    client.visit(PAGE, status=403)
