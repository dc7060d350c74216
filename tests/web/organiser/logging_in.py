"""Logging in, step by step, as a browser does."""

from datetime import UTC, datetime

from werkzeug.test import TestResponse

from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.organisers.people import PASSWORD

LOGIN, CODE, HOME = "/organiser/login", "/organiser/login/code", "/organiser/"
EMAIL = "owner@example.org"
AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


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
