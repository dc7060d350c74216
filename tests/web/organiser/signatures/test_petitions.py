"""The list of petitions."""

import pytest
from bs4 import Tag
from flask import Flask

from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.core.storage.database import transaction
from petition.holds.models import HoldCause
from petition.organisers.models import Role
from petition.outbox.actions import beat
from petition.petitions.models import Petition
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import LogIn, Supporters

HOME = "/organiser/"


def row_of(client: ReadingClient, title: str) -> Tag:
    page = client.visit(HOME)
    [row] = [row for row in page.select("tbody tr") if title in row.get_text()]
    return row


def cells(row: Tag) -> list[str]:
    return [cell.get_text(" ", strip=True) for cell in row.select("td.num")]


def test_a_site_without_petitions_says_how_to_load_some(log_in: LogIn) -> None:
    page = log_in().visit(HOME)

    assert "There is no petition yet" in page.get_text()
    assert "campaigns load" in page.get_text()


def test_the_first_page_says_what_needs_attention(log_in: LogIn) -> None:
    browser = log_in()
    assert (
        "No worker is running: nothing that people send is taken in"
        in browser.visit(HOME).get_text()
    )

    with transaction():
        beat("w1", now())
    forget_everything()
    assert "attention" not in browser.visit(HOME).get_text()


def test_a_petition_shows_how_many_count_wait_and_are_on_hold(
    log_in: LogIn, petition: Petition, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    supporters.sign("Bea Two")
    supporters.sign("Cleo Three", confirmed=False)
    supporters.sign("Dora Four", hold=HoldCause.NETWORK)
    row = row_of(log_in(), petition.version.text_in("en").title)

    assert cells(row) == ["2", "1", "1 on hold: review them"]
    assert "Open for signing" in row.get_text()


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("role", "links"),
    [
        (Role.OWNER, ["Signatures", "Files", "Deliveries"]),
        (Role.EDITOR, []),
        (Role.MODERATOR, ["Signatures"]),
        (Role.EXPORTER, ["Files", "Deliveries"]),
        (Role.AUDITOR, ["Signatures", "Files", "Deliveries"]),
    ],
)
def test_a_role_is_offered_only_what_it_may_open(
    log_in: LogIn, petition: Petition, role: Role, links: list[str]
) -> None:
    row = row_of(log_in(role), petition.version.text_in("en").title)

    assert [link.get_text().split(":")[0] for link in row.select("th .desk__links a")] == links


def test_the_list_names_nobody_who_signed(
    app: Flask, log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")

    assert "Ada One" not in log_in().get(HOME).text
