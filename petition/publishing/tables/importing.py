"""Bring recipients in line with a table, all of its rows or none."""

from dataclasses import dataclass, field
from datetime import date

from petition.core.errors import DomainError
from petition.publishing.owners import changes
from petition.publishing.tables.table import Table
from petition.recipients.drafts import RecipientDraft, draft_of, settled
from petition.recipients.publishing import publish
from petition.recipients.queries import all_recipients


class TableRefused(DomainError):
    """A table has mistakes, each of which names its row and its cause."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(slots=True)
class Imported:
    """What a table does, by the slugs of its recipients."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    """Those that took letters before and take none now."""
    changes: list[str] = field(default_factory=list)
    """What is other of each that is changed, in words."""


def look_at(table: Table) -> Imported:
    """Return what an import would do, and write nothing. Raises TableRefused."""
    if table.mistakes:
        raise TableRefused([table.in_words(*mistake) for mistake in sorted(table.mistakes)])
    imported = Imported()
    present = {recipient.slug: draft_of(recipient) for recipient in all_recipients()}
    for draft in table.entries.values():
        _compare(draft, present.get(draft.slug), imported)
    return imported


def import_table(table: Table, today: date) -> Imported:
    """Load every row of a table. Recipients that it does not name stay as they are.

    Raises TableRefused, before anything is written.
    """
    imported = look_at(table)
    for draft in table.entries.values():
        publish(draft, today)
    return imported


def _compare(draft: RecipientDraft, before: RecipientDraft | None, imported: Imported) -> None:
    if before is None:
        imported.new.append(draft.slug)
        return
    differing = list(changes(before, settled(draft, before)))
    (imported.changed if differing else imported.same).append(draft.slug)
    imported.changes += [f"“{draft.slug}”: {change}." for change in differing]
    if before.channels and not draft.channels:
        imported.closed.append(draft.slug)
