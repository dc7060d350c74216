"""An install that is backed up."""

from pathlib import Path

import pytest
from flask import Flask

from petition.core.keyring.installed import tie_to_keys
from petition.core.storage.database import transaction
from tests.grounds.postgres import TOOLS


@pytest.fixture(autouse=True)
def at_hand(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An install that knows its keys; PostgreSQL's own tools, of its version, on PATH."""
    with transaction():
        tie_to_keys()
    monkeypatch.setenv("PATH", str(TOOLS), prepend=":")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "elsewhere" / "monday.backup"
