"""The version that papers name is that of the project."""

import tomllib
from pathlib import Path

from petition.core.version import VERSION

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads(PROJECT.read_text("utf-8"))["project"]["version"] == VERSION
