"""The README and the pages for operators say what is true."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
from flask import Flask

from config import Config

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
PRODUCTION = (ROOT / "docs" / "production.md").read_text("utf-8")
FLASKS_OWN = {"routes", "run", "shell"}


def commands_of(group: click.Group, prefix: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{prefix}{name} ")
        else:
            yield prefix + name


def named_commands() -> set[str]:
    words = " ".join((PRODUCTION + SETTINGS).split())
    return set(re.findall(r"flask --app petition ((?:[a-z]+ )?[a-z]+(?:-[a-z]+)*)", words))


def test_every_command_is_named_for_operators(app: Flask) -> None:
    assert isinstance(app.cli, click.Group)
    run_by_others = {"serve", "worker"}  # by bin/serve and by a unit of systemd
    ours = set(commands_of(app.cli)) - FLASKS_OWN - run_by_others
    assert {one for one in ours if f"flask --app petition {one}" not in PRODUCTION} == set()


def test_every_command_that_is_named_exists(app: Flask) -> None:
    assert isinstance(app.cli, click.Group)
    ours = set(commands_of(app.cli))
    named = named_commands()

    assert named
    assert {one for one in named if not {one, one.split()[0]} & ours} == set()


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_setting_that_is_named_exists() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.env")]
    words = " ".join(page.read_text("utf-8") for page in pages)
    ours = {field.metadata["variable"] for field in fields(Config)}
    named = set(re.findall(r"\b(?:PETITION|MAIL|BOUNCE|DATABASE)_[A-Z_]+[A-Z]\b", words))

    assert named - ours == set()
