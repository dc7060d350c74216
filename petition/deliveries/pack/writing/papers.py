"""Every file of a pack that says how many signatures it holds, or under which root."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from petition.deliveries.pack.packing import Counted, Pieces
from petition.deliveries.pack.rows import PackRows
from petition.deliveries.pack.writing.about import About
from petition.deliveries.pack.writing.blanks import blank_sheets
from petition.deliveries.pack.writing.counts import COUNTS, counts
from petition.deliveries.pack.writing.cover import cover_letter
from petition.deliveries.pack.writing.figures import Figures
from petition.deliveries.pack.writing.method import Known, method
from petition.deliveries.pack.writing.names import LETTER, METHOD, RECEIPT, SHEETS
from petition.deliveries.pack.writing.receipt import receipt
from petition.deliveries.pack.writing.sheets import head_of, sheets


@dataclass(frozen=True, slots=True)
class Papers:
    """What the papers of one pack are made of."""

    about: About
    figures: Figures
    rows: PackRows
    cut_off: datetime
    made_at: datetime
    software: str
    others: Collection[str]
    """The names of the files that the pack has besides."""

    def of(self, counted: Counted) -> dict[str, Pieces]:
        """Return them, once the rows were counted."""
        about, cut_off, day = self.about, self.cut_off, self.made_at.date()
        known = Known(about, counted, self.figures, cut_off, day, self.software)
        made: dict[str, Pieces] = {
            COUNTS: partial(counts, counted, dict(self.rows.areas)),
            METHOD: method(known),
            RECEIPT: receipt(about, counted, cut_off, day),
            **blank_sheets(about),
        }
        if self.rows.has_names:
            head = head_of(about, counted, cut_off)
            made[SHEETS] = partial(sheets, head, self.rows.records)
        made[LETTER] = cover_letter(about, counted, cut_off, day, {*self.others, *made})
        return made
