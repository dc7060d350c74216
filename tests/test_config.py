"""Settings: a wrong one is named in a sentence, by every command."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from config import LONGEST_SENDER, Config, SettingError
from petition.letters.post.message import return_address
from tests.architecture.sources import ROOT


@pytest.mark.parametrize("text", ["eighty", "8.5", "0x10"])
def test_a_number_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(SettingError, match="PORT must be a whole number"):
        Config.from_environment({"PORT": text})


@pytest.mark.parametrize(
    "url", ["foo", "foo:25", "http://mail", "smtp://", "smtp://h:0", "smtp://h:x"]
)
def test_a_mail_server_that_is_none_is_refused_when_the_settings_are_read(url: str) -> None:
    with pytest.raises(SettingError, match="MAIL_SERVER must be smtp://"):
        Config.from_environment({"MAIL_SERVER": url})


def test_news_have_a_sender_of_their_own() -> None:
    given = {"MAIL_FROM": "petitions@example.org"}
    assert Config.from_environment(given).news_sender == "news@example.org"
    given["NEWS_FROM"] = "letters@example.net"
    assert Config.from_environment(given).news_sender == "letters@example.net"

    for same in ({"NEWS_FROM": "Petitions@example.org"}, {"MAIL_FROM": "news@example.org"}):
        with pytest.raises(SettingError, match="NEWS_FROM must be another address than MAIL_FROM"):
            Config.from_environment(same)
    with pytest.raises(SettingError, match="NEWS_FROM must be an address alone"):
        Config.from_environment({"NEWS_FROM": "News <n@example.org>"})


@pytest.mark.parametrize(
    "text", ["Petitions <p@example.org>", "petitions", "pétitions@example.org"]
)
def test_a_sender_that_no_server_takes_is_refused_in_words(text: str) -> None:
    with pytest.raises(SettingError, match="MAIL_FROM must be an address alone"):
        Config.from_environment({"MAIL_FROM": text})


def test_a_sender_leaves_room_for_the_return_address_of_letters() -> None:
    fits = f"{'x' * LONGEST_SENDER}@example.org"
    local = return_address(Config.from_environment({"MAIL_FROM": fits}).mail_from, "f" * 32)
    assert len(local.partition("@")[0]) == 64  # RFC 5321 4.5.3.1.1
    with pytest.raises(SettingError, match="MAIL_FROM may have 31 characters before the @"):
        Config.from_environment({"MAIL_FROM": f"x{fits}"})


@pytest.mark.parametrize("text", ["forever", "max-age=1\r\nX: y", "max-age=1; includesubdomain"])
def test_a_promise_of_tls_that_browsers_do_not_understand_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="PETITION_HSTS must be like"):
        Config.from_environment({"PETITION_HSTS": text})


@pytest.mark.parametrize(
    "url",
    [
        *("petitions.example.org", "petitions.example.org:8000", "localhost:8000", "//example.org"),
        *("ftp://example.org", "https://", "https://[", "https://h:x", "https://h:0"),
        *("https://example.org?x=1", "https://example.org#x"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(SettingError, match="PETITION_URL must be like https://petitions"):
        Config.from_environment({"PETITION_URL": url})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_is_named_as_hosts_hand_it_out(scheme: str) -> None:
    config = Config.from_environment({"DATABASE_URL": f"{scheme}://u:p@host/name"})

    assert config.database == "postgresql+psycopg://u:p@host/name"


@pytest.mark.parametrize(
    "setting",
    [
        *("PORT=abc", "PETITION_URL=petitions.example.org", "MAIL_SERVER=smtp.example.org"),
        *("MAIL_FROM=Petitions <p@example.org>", "DATABASE_URL=mysql://host/name"),
    ],
)
def test_a_wrong_setting_ends_a_command_in_one_sentence(setting: str, tmp_path: Path) -> None:
    name, _, value = setting.partition("=")
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "petition", "campaigns", "check", str(tmp_path)],
        cwd=ROOT,
        env={"PETITION_INSTANCE": str(tmp_path / "instance"), name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    [line] = done.stderr.splitlines()
    assert done.returncode == 75
    assert line.startswith("Error: ")
    assert name in line


def test_an_empty_setting_keeps_its_default() -> None:
    assert Config.from_environment({"PORT": "", "MAIL_FROM": ""}) == Config.from_environment({})


@pytest.mark.parametrize(
    ("host", "url", "shows"),
    [
        ("127.0.0.1", "", True),
        ("127.0.0.1", "http://localhost:8000", True),
        ("0.0.0.0", "", False),
        ("127.0.0.1", "https://petitions.example.org", False),
        ("127.0.0.1", "http://petitions.example.org", False),
    ],
)
def test_the_mailbox_page_exists_on_this_machine_alone(host: str, url: str, shows: bool) -> None:
    config = replace(Config.from_environment({}), host=host, public_url=url)

    assert config.shows_mailbox is shows
    assert not replace(config, mail_server="smtp://mail.example.org").shows_mailbox
