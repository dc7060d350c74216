"""The pages about deliveries, as a test reads and fills them in."""

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests.deliveries.making import OFFICE
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import SLUG

LIST = "/organiser/deliveries"
PLAN = f"/organiser/petitions/{SLUG}/deliveries"
FORM = "form.desk__form"


def plan(client: ReadingClient, **values: str) -> TestResponse:
    """Fill in the plan and send it."""
    given = {"office": OFFICE, "day": "2026-12-09", "counted_until": "2026-12-08", **values}
    return client.submit(PLAN, client.visit(PLAN), given, form=FORM)


def planned(client: ReadingClient) -> str:
    """Plan a delivery; return the address of its record."""
    answer = plan(client)
    assert answer.status_code == 303
    return str(answer.location)


HANDED_OVER = {
    "day": "2026-11-20",
    "signature_count": "1",
    "place": "King Charles Street, London",
    "to_whom": "The private office of the Foreign Secretary",
    "by_whom": "Sample Coalition",
}


def record(client: ReadingClient, page: str, kind: str, **values: str) -> TestResponse:
    """Fill in the form of a step and send it."""
    path = f"{page}/{kind}"
    return client.submit(path, client.visit(path), values, form=FORM)


def recorded(client: ReadingClient, page: str, kind: str, **values: str) -> BeautifulSoup:
    """Record a step; return the page that follows."""
    answer = record(client, page, kind, **values)
    assert answer.status_code == 303, answer.text
    return client.visit(str(answer.location))
