"""Copies of the sample campaign with something changed in them."""

import shutil
from datetime import datetime
from pathlib import Path

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.publishing.loading import Loaded, load_campaign
from tests.factories import SAMPLE

EVENT = """
slug = "a-vigil"
state = "planned"
starts_at = 2026-11-16T18:00:00
ends_at = 2026-11-16T19:00:00
zone = "Europe/London"
host = "Sample Coalition"
languages = ["en"]
join_url = "https://meet.example.org/secret-room"

[text.en]
title = "A vigil"
summary = "We light candles."
"""


def copied(folder: Path) -> Path:
    """Return a copy of the sample."""
    return Path(shutil.copytree(SAMPLE, folder / "campaign"))


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """Change a text in a file of a copy."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return folder


def with_event(folder: Path, **values: str) -> Path:
    """Write an event into a copy; each value takes the place of the sample's."""
    lines = [line for line in EVENT.strip().splitlines() if line.partition(" = ")[0] not in values]
    top = [f"{name} = {value}" for name, value in values.items() if value]
    (folder / "events" / "9-vigil.toml").write_text("\n".join([*top, *lines]) + "\n", "utf-8")
    return folder


def load(folder: Path, at: datetime | None = None) -> Loaded:
    """Load a folder, now or at this moment, and forget what the session knew."""
    with transaction():
        found = load_campaign(folder, at or now())
    session.remove()
    return found
