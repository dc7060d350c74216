"""The list of recipients of letters, and letting letters go again to one of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import Tag
from flask import Flask

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.bounces.actions import note_bounce
from petition.organisers.models import Role
from petition.recipients.models import Mailroom
from petition.recipients.queries import mailroom_for_decision
from tests.grounds.client import ReadingClient
from tests.letters.posting import sent
from tests.recipients.tables import COUNCIL, MEMBER, MINISTER, load, saved
from tests.web.organiser.conftest import LogIn

LIST = "/organiser/recipients"
CAME_BACK = datetime(2026, 11, 18, 9, 30, 1, 5, UTC)
SEND_AGAIN = "I have looked: send again"


@pytest.fixture
def offices(app: Flask, tmp_path: Path) -> None:
    """A minister who was verified today, a member never, and a council that takes no letters."""
    minister = {**MINISTER, "verified_on": now().date().isoformat()}
    load(saved(tmp_path, minister, MEMBER, COUNCIL))


def mailroom_to_change(slug: str) -> Mailroom:
    """Return the same, locked until the transaction ends."""
    found = mailroom_for_decision(slug)
    assert found is not None
    return found


def suspect(slug: str, since: datetime | None = CAME_BACK) -> None:
    """Note that a letter came back."""
    with transaction():
        mailroom_to_change(slug).suspect_since = since
    session.remove()


def mailroom(slug: str) -> Mailroom:
    """Return how a recipient takes letters, as it is now."""
    with transaction():
        return mailroom_to_change(slug)


def row_of(client: ReadingClient, slug: str) -> Tag:
    found = client.visit(LIST).select_one(f"#recipient-{slug}")
    assert found is not None
    return found


def words(tag: Tag) -> str:
    return tag.get_text(" ", strip=True)


def test_a_site_without_recipients_of_letters_says_how_to_load_some(log_in: LogIn) -> None:
    page = log_in().visit(LIST)

    assert "No recipient takes letters yet" in page.get_text()
    assert "recipients import FILE" in page.get_text()


@pytest.mark.usefixtures("offices")
def test_every_recipient_that_takes_letters_is_listed(log_in: LogIn) -> None:
    client = log_in()
    rows = client.visit(LIST).select("tbody tr")
    minister = words(row_of(client, "ca-minister"))

    assert [row["id"] for row in rows] == ["recipient-ca-minister", "recipient-gb-member"]
    assert minister.startswith("Minister of Foreign Affairs Canada Mx Sample Holder")
    assert "E-mail, Web form, Post" in minister
    assert "https://example.org/cabinet" in minister


@pytest.mark.usefixtures("offices")
def test_what_nobody_has_verified_for_30_days_is_stale(log_in: LogIn) -> None:
    client = log_in()
    assert "Stale" not in words(row_of(client, "ca-minister"))
    assert "Never Stale Not verified for 30 days" in words(row_of(client, "gb-member"))

    with transaction():
        mailroom_to_change("ca-minister").verified_on = now().date() - timedelta(days=31)
    assert "Stale Not verified for 30 days" in words(row_of(client, "ca-minister"))


@pytest.mark.usefixtures("offices")
def test_a_recipient_from_which_a_letter_came_back_stands_first(log_in: LogIn) -> None:
    suspect("gb-member")
    client = log_in()

    assert client.visit(LIST).select("tbody tr")[0]["id"] == "recipient-gb-member"
    assert "Suspect A letter came back on 18 November 2026." in words(row_of(client, "gb-member"))
    assert SEND_AGAIN not in words(row_of(client, "ca-minister"))


@pytest.mark.usefixtures("letters_open")
@pytest.mark.parametrize(
    ("status", "why", "is_suspect"),
    [
        ("5.1.1", "No such mailbox (5.1.1)", True),
        ("5.2.2", "The mailbox is full or takes no more (5.2.2)", False),
        (
            "5.7.1",
            "Refused by policy: look at our own server, it may stand on a block list (5.7.1)",
            False,
        ),
        (None, "The server gave no reason that we understand.", False),
    ],
)
def test_the_cause_is_said_for_which_a_letter_came_back(
    log_in: LogIn, status: str | None, why: str, is_suspect: bool
) -> None:
    letter = sent()
    with transaction():
        office = note_bounce(letter.message_id, status, now())
    assert office is not None
    said = words(row_of(log_in(), office.slug))

    assert f"1 letter came back in the last seven days, on 20 November 2026: {why}" in said
    assert ("Suspect" in said) is is_suspect


@pytest.mark.usefixtures("offices")
@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR])
def test_whoever_has_looked_lets_letters_go_again(log_in: LogIn, role: Role) -> None:
    suspect("gb-member")
    client = log_in(role)
    answer = client.submit(LIST, client.visit(LIST), {}, form="#recipient-gb-member form")
    page = client.visit(str(answer.location))

    assert "Letters to this recipient are sent again." in page.get_text()
    assert "Suspect" not in words(row_of(client, "gb-member"))
    assert mailroom("gb-member").suspect_since is None


@pytest.mark.any_database
@pytest.mark.usefixtures("offices")
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EXPORTER, Role.AUDITOR])
def test_other_roles_see_the_mark_and_no_button(log_in: LogIn, role: Role) -> None:
    suspect("gb-member")
    row = words(row_of(log_in(role), "gb-member"))

    assert "Suspect" in row
    assert SEND_AGAIN not in row


@pytest.mark.usefixtures("offices")
def test_a_letter_that_came_back_since_somebody_looked_is_not_passed_over(log_in: LogIn) -> None:
    suspect("gb-member")
    client = log_in()
    seen = client.visit(LIST)
    later = CAME_BACK + timedelta(hours=1)
    suspect("gb-member", later)
    answer = client.submit(LIST, seen, {}, form="#recipient-gb-member form")

    assert "Another letter has come back since" in client.visit(str(answer.location)).get_text()
    session.remove()
    assert mailroom("gb-member").suspect_since == later


@pytest.mark.usefixtures("offices")
def test_pressing_the_button_twice_does_no_harm(log_in: LogIn) -> None:
    suspect("gb-member")
    client = log_in()
    seen = client.visit(LIST)
    for _ in range(2):
        answer = client.submit(LIST, seen, {}, form="#recipient-gb-member form")
        assert "are sent again" in client.visit(str(answer.location)).get_text()


@pytest.mark.usefixtures("offices")
@pytest.mark.parametrize("slug", ["nobody", "eu-council"])
def test_a_recipient_that_takes_no_letters_is_not_found(log_in: LogIn, slug: str) -> None:
    suspect("gb-member")
    client = log_in()
    seen = client.visit(LIST).select_one("input[name=csrf_token]")
    assert seen is not None
    answer = client.post(
        f"{LIST}/{slug}/send-again",
        data={"csrf_token": seen["value"]},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 404


@pytest.mark.any_database
@pytest.mark.usefixtures("offices")
@pytest.mark.parametrize("role", Role)
def test_the_list_is_in_the_navigation_of_every_role(log_in: LogIn, role: Role) -> None:
    links = log_in(role).visit(LIST).select(".masthead__nav a[aria-current=page]")

    assert [(link.get_text(), link["href"]) for link in links] == [("Recipients", LIST)]
