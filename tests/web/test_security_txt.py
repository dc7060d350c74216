"""Somebody who has found a hole learns whom to tell (RFC 9116)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from config import Config, SettingError
from petition.web import use
from tests.grounds.client import ReadingClient

PATH = "/.well-known/security.txt"
AT = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)


def ask(app: Flask, config: Config, **settings: str) -> TestResponse:
    changed = replace(config, **settings)  # type: ignore[arg-type]
    use(app, changed)
    client = cast("ReadingClient", app.test_client())
    return client.get(PATH, base_url=changed.url)


def test_without_a_contact_there_is_no_such_page(client: ReadingClient) -> None:
    assert client.get(PATH).status_code == 404


def test_it_names_the_contact_its_own_address_and_until_when_it_holds(
    app: Flask, config: Config
) -> None:
    site, contact = "https://petitions.example.org", "mailto:security@example.org"
    with time_machine.travel(AT, tick=False) as clock:
        answer = ask(app, config, public_url=site, security_contact=contact)
        clock.shift(timedelta(hours=15))
        later = ask(app, config, public_url=site, security_contact=contact)

    assert answer.text.splitlines() == [
        "Contact: mailto:security@example.org",
        "Expires: 2027-05-15T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://petitions.example.org/.well-known/security.txt",
    ]
    assert later.text == answer.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers


def test_a_trial_install_without_tls_names_no_address_of_its_own(
    app: Flask, config: Config
) -> None:
    assert "Canonical" not in ask(app, config, security_contact="https://example.org/x").text


@pytest.mark.parametrize(
    "text",
    [
        "security@example.org",
        "http://example.org/",
        "mailto:x",
        "mailto:a@b c",
        "https://x\nExpires:",
    ],
)
def test_a_contact_of_no_known_kind_is_refused_in_words(text: str) -> None:
    with pytest.raises(SettingError, match=r"must be like mailto:security@example\.org"):
        Config.from_environment({"PETITION_SECURITY_CONTACT": text})
