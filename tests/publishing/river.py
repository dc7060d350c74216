"""A small campaign, as somebody writes it who has read no more than the page about folders."""

from pathlib import Path

from petition.core.storage.database import session, transaction
from petition.publishing.checking import check_folder
from petition.publishing.folder import read_folder
from petition.publishing.loading import publish_folder
from tests.factories import NOON

FILES = {
    "campaign.toml": """slug = "river"
starts_on = 2026-11-01
ends_on = 2026-12-10

[organisation]
name = "River Friends"
contact = "river@example.org"

[text.en]
title = "The river"
summary = "It is ours."
body = "campaign.en.md"
""",
    "campaign.en.md": "Our river.\n",
    "recipients.toml": """[[recipient]]
slug = "gb-board"
jurisdiction = "GB"
office.en = "River Board"
email = "board@example.org"
channels = ["email"]
salutation.en = "Dear Board,"
close.en = "Yours faithfully,"
zone = "Europe/London"
""",
    "gaps/harm.toml": """slug = "harm"
number = 1
kind = "victims"

[text.en]
title = "Nobody is named"
summary = "Nobody says who was harmed."
body = "harm.en.md"

[[standing]]
jurisdiction = "GB"
status = "gap"
as_of = 2026-11-01
source = "A list"
because.en = "Nothing is listed."
""",
    "gaps/harm.en.md": "Harm[^1].\n\n[^1]: A list.\n",
    "petitions/river.toml": """slug = "river"
kind = "victims"
gap = "harm"
recipients = ["gb-board"]
opens_on = 2026-11-01
closes_on = 2026-12-10

[text.en]
title = "Name them"
summary = "We ask you to name them."
body = "river.en.md"
""",
    "petitions/river.en.md": "Name who was harmed[^1].\n\n[^1]: A list.\n",
    "letters/board.toml": """slug = "letter-to-the-board"
gap = "harm"
recipients = ["gb-board"]
opens_on = 2026-11-01

[text.en]
title = "Write to the board"
summary = "Ask it."
subject = "Who was harmed"
opening = "I am writing to you."
facts = "It is so (https://example.org/so)."

[text.en.ask]
any = "Please say who was harmed."

[[text.en.reason]]
label = "I have seen it"
prompt = "Say what you saw."
""",
    "events/walk.toml": """slug = "walk"
state = "planned"
starts_at = 2026-11-16T18:00:00
ends_at = 2026-11-16T19:00:00
zone = "Europe/London"
host = "River Friends"

[text.en]
title = "A walk"
summary = "We walk."
""",
    "reports/report.toml": """slug = "report"
published_at = 2026-11-17T15:00:00Z

[text.en]
title = "What we found"
summary = "It is so."
body = "report.en.md"
""",
    "reports/report.en.md": "What we found.\n",
}


def problems(folder: Path) -> list[str]:
    """Return what is wrong with a folder."""
    found = check_folder(read_folder(folder), NOON).problems
    session.rollback()
    return found


def written(folder: Path) -> Path:
    """Write the campaign into a folder; return that."""
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def load_agreed(folder: Path) -> None:
    """Load a folder with all that has to be agreed to, and forget what the session knew."""
    read = read_folder(folder)
    with transaction():
        publish_folder(read, NOON, check_folder(read, NOON).shared)
    session.remove()
