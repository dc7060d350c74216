"""The README says what is true."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask

from petition.cli.settings import table

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FLASKS_OWN = {"routes", "run", "shell"}


def commands_of(group: click.Group, prefix: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{prefix}{name} ")
        else:
            yield prefix + name


def named_commands() -> set[str]:
    words = " ".join(README.split())
    found = re.findall(r"`flask --app petition ([a-z ]+[a-z])", words)
    return {command.strip() for command in found}


def test_the_table_of_settings_is_the_one_that_the_product_prints() -> None:
    assert table() in README


def test_every_command_is_in_the_readme_and_every_command_there_exists(app: Flask) -> None:
    assert isinstance(app.cli, click.Group)
    ours = set(commands_of(app.cli)) - FLASKS_OWN
    run_by_bin_serve = {"serve"}
    assert named_commands() == ours - run_by_bin_serve


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
