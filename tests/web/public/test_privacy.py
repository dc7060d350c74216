"""The privacy page says who asks, and how long what lasts, from the settings."""

from dataclasses import replace

import pytest

from config import Config
from petition.app import create_app
from tests.factories import load_sample
from tests.grounds.client import ReadingClient
from tests.web.public.people import words

pytestmark = pytest.mark.any_database


def test_the_privacy_page_names_the_settings_and_the_times(config: Config) -> None:
    settings = replace(config, contact="ask@example.org", mail_from="mail@example.org")
    app = create_app(settings)
    app.test_client_class = ReadingClient
    load_sample()
    page = words(app.test_client().get("/en/privacy").text)

    assert "ask@example.org" in page
    assert "mail@example.org" in page
    assert "not confirmed, after our last e-mail about it 7 days" in page
    assert "A link in an e-mail 72 hours" in page
    assert "The note that an e-mail was sent 30 days" in page


@pytest.mark.parametrize(
    ("key_days", "said"),
    [(20, "30 days at most; then nobody can read them"), (0, "Until we change our keys;")],
)
def test_how_long_traces_and_backups_last(key_days: int, said: str, config: Config) -> None:
    app = create_app(replace(config, key_days=key_days, backup_days=9))
    app.test_client_class = ReadingClient
    load_sample()
    page = words(app.test_client().get("/en/privacy").text)

    assert f"Traces of what was erased, in our files and backups {said}" in page
    assert "Backups, encrypted 9 days" in page
    assert "beside a secret code made from your address 9 days" in page
    assert "its number and the hour, without a name Until the campaign ends it" in page


def test_a_key_that_backups_need_for_long_puts_the_next_change_off(config: Config) -> None:
    app = create_app(replace(config, key_days=10, backup_days=90))
    app.test_client_class = ReadingClient
    load_sample()

    assert "181 days at most" in words(app.test_client().get("/en/privacy").text)
