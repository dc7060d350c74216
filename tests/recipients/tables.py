"""Tables of recipients, as somebody would make them in a spreadsheet."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from petition.core.storage.database import session, transaction
from petition.publishing.tables.cells import values_of
from petition.publishing.tables.importing import Imported, import_table
from petition.publishing.tables.table import read_table
from petition.recipients.drafts import draft_of
from petition.recipients.models import Recipient
from petition.recipients.queries import all_recipients, recipient_by_slug

TODAY = date(2026, 11, 20)
MINISTER = {
    "slug": "ca-minister",
    "jurisdiction": "CA",
    "office.en": "Minister of Foreign Affairs",
    "office.fr": "Ministre des Affaires étrangères",
    "holder": "Mx Sample Holder",
    "holder_since": "2025-05-13",
    "email": "minister@example.org",
    "form_url": "https://example.org/write",
    "address": "Minister of Foreign Affairs\n125 Sample Drive\nOttawa",
    "languages": "en fr",
    "channels": "email form post",
    "salutation.en": "Dear Minister,",
    "close.en": "Yours sincerely,",
    "paper": "letter",
    "zone": "America/Toronto",
    "days": "sun mon tue",
    "hours": "8 to 16",
    "hourly_cap": "30",
    "constituents_only": "no",
    "verified_on": "2026-11-01",
    "verified_source": "https://example.org/cabinet",
}
MEMBER = {
    "slug": "gb-member",
    "jurisdiction": "GB",
    "office.en": "Member for Sample Town",
    "email": "member@example.org",
    "channels": "email",
    "areas": "SA1 SA2",
    "salutation.en": "Dear Member,",
    "close.en": "Yours faithfully,",
    "zone": "Europe/London",
    "constituents_only": "yes",
}
COUNCIL = {"slug": "eu-council", "jurisdiction": "EU", "office.en": "Council of the Union"}


def saved(folder: Path, *rows: Mapping[str, str]) -> Path:
    """Return a file with these rows under the headings that they need."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return saved_text(folder, buffer.getvalue())


def saved_text(folder: Path, text: str) -> Path:
    """Return a file with this text."""
    file = folder / "offices.csv"
    file.write_bytes(text.encode())
    return file


def load(file: Path, today: date = TODAY) -> Imported:
    """Import a file, and forget what the session knew."""
    with transaction():
        imported = import_table(read_table(file), today)
    session.remove()
    return imported


def noted() -> list[dict[str, object]]:
    """Return everything that is noted of every recipient."""
    found = [values_of(draft_of(recipient)) for recipient in all_recipients()]
    session.remove()
    return found


def recipient(slug: str) -> Recipient:
    """Return a recipient as it is now."""
    found = recipient_by_slug(slug)
    assert found is not None
    session.remove()
    return found
