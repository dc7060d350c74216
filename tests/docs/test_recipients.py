"""The page about the table of recipients says what is true."""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from petition.cli.recipients import recipients
from petition.publishing.tables.cells import COLUMNS
from petition.recipients.drafts import USUAL_HOURLY_CAP, USUAL_HOURS
from petition.recipients.models import Channel, Paper
from tests.architecture.sources import ROOT
from tests.recipients.tables import load, recipient, saved_text

PAGE = (ROOT / "docs" / "recipients.md").read_text("utf-8")
MEANINGS = dict(re.findall(r"^\| `([a-z_]+)(?:\.en)?` \| (.+) \|$", PAGE, re.MULTILINE))


def test_every_column_is_named_in_its_order_and_no_other() -> None:
    assert list(MEANINGS) == list(COLUMNS)


def test_every_command_is_named_and_no_other() -> None:
    named = re.findall(r"^flask --app petition recipients (\w+) FILE ", PAGE, re.MULTILINE)

    assert sorted(named) == sorted(recipients.list_commands(click.Context(recipients)))


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("channels", list(Channel)),
        ("paper", list(Paper)),
        ("hours", [USUAL_HOURS.replace("-", " to ")]),
        ("hourly_cap", [str(USUAL_HOURLY_CAP)]),
    ],
)
def test_the_words_of_a_column_are_those_that_are_read(column: str, words: list[str]) -> None:
    assert [word for word in words if word not in MEANINGS[column]] == []


def test_the_example_can_be_imported(app: Flask, tmp_path: Path) -> None:
    [example] = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)

    assert len(load(saved_text(tmp_path, example)).new) == 2
    assert recipient("gb-sample-member").mailroom is not None
