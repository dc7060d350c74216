"""The file mailbox as a page: only this machine sees it, and only while mail is kept in files."""

from dataclasses import replace
from email.message import EmailMessage
from typing import cast

import pytest
from flask import Flask

from config import Config
from petition.app import create_app
from tests.grounds.client import ReadingClient

pytestmark = pytest.mark.any_database

MAILBOX = "/mailbox/"
HTML = '<!doctype html><html lang="en"><title>Please confirm</title><h1>Please confirm</h1></html>'


@pytest.fixture
def mail(app: Flask) -> str:
    """The name of a mail that was written to a file."""
    message = EmailMessage()
    message["Subject"], message["To"] = "Please confirm", "nadia@example.org"
    message["Date"] = "Mon, 16 Nov 2026 12:00:00 +0000"
    message.set_content("Press the button.\n\nIt takes a second.")
    message.add_alternative(HTML, subtype="html")
    folder = app.config["PETITION"].instance / "mailbox"
    folder.mkdir(exist_ok=True)
    (folder / "20261116-1.eml").write_bytes(bytes(message))
    return "20261116-1"


def test_a_mail_is_listed_and_shown_as_text_and_as_html(client: ReadingClient, mail: str) -> None:
    assert [link.get_text() for link in client.visit(MAILBOX).select("ol a")] == ["Please confirm"]
    page = client.visit(f"{MAILBOX}{mail}")
    assert "It takes a second." in page.get_text()
    assert {line["dir"] for line in page.select("h1, .prose p")} == {"auto"}
    shown = client.get(f"{MAILBOX}{mail}/html")
    assert "sandbox" in shown.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("mail")
@pytest.mark.parametrize("page", [MAILBOX, "/styleguide"])
@pytest.mark.parametrize(
    "far",
    [{"headers": {"X-Forwarded-For": "203.0.113.9"}}, {"environ_base": {"REMOTE_ADDR": "::2"}}],
)
def test_only_this_machine_sees_the_pages_of_this_door(
    client: ReadingClient, page: str, far: dict[str, dict[str, str]]
) -> None:
    assert client.get(page).status_code == 200
    assert client.get(page, **far).status_code == 404


@pytest.mark.parametrize(
    "service",
    [{"mail_server": "smtp://mail.example.org"}, {"public_url": "https://petitions.example.org"}],
)
def test_where_mail_leaves_there_is_no_mailbox(config: Config, service: dict[str, str]) -> None:
    app = create_app(replace(config, **service))  # type: ignore[arg-type]
    app.test_client_class = ReadingClient
    client = cast("ReadingClient", app.test_client())

    for page in (MAILBOX, f"{MAILBOX}20261116-1"):
        assert client.get(page, base_url=app.config["PETITION"].url).status_code == 404
