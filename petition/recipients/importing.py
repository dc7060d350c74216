"""Bring recipients in line with a table, all of its rows or none."""

from dataclasses import dataclass, field
from datetime import date

from petition.core.errors import DomainError
from petition.core.folder import CampaignFolderError, Document
from petition.core.storage.database import session
from petition.recipients.describing import values_of
from petition.recipients.loading import load_recipient
from petition.recipients.queries import all_recipients
from petition.recipients.table import Table


class TableRefused(DomainError):
    """A table has mistakes, each of which names its row and its cause."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(slots=True)
class Imported:
    """What a table did, by the slugs of its recipients."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    """Those that took letters before and take none now."""


def import_table(table: Table, today: date) -> Imported:
    """Load every row of a table. Recipients that it does not name stay as they are.

    Raises TableRefused; then the transaction must not be committed.
    """
    imported = Imported()
    before = {recipient.slug: values_of(recipient) for recipient in all_recipients()}
    for row, entry in table.entries.items():
        try:
            with session.begin_nested():
                _load(entry, today, before, imported)
        except CampaignFolderError as mistake:
            table.mistakes.append((row, mistake))
    if table.mistakes:
        in_order = sorted(table.mistakes, key=lambda found: found[0])
        raise TableRefused([str(mistake) for _, mistake in in_order])
    return imported


def _load(
    entry: Document, today: date, known: dict[str, dict[str, object]], imported: Imported
) -> None:
    recipient = load_recipient(entry, today)
    slug, before, after = recipient.slug, known.get(recipient.slug), values_of(recipient)
    if before is None:
        imported.new.append(slug)
        return
    (imported.same if after == before else imported.changed).append(slug)
    if "channels" in before and "channels" not in after:
        imported.closed.append(slug)
