"""The signatures on numbered sheets, each of which says what it is a sheet of.

Set part by part as the sheets of exports are, each part in a process of its own, and twice: to be
measured and to be written. So there is never more of it than a few parts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from petition.core.i18n import own_name, text_direction
from petition.core.printing.binding import Binding
from petition.core.printing.typesetting import typeset_parts
from petition.deliveries.pack.packing import Counted
from petition.deliveries.pack.records import Record
from petition.deliveries.pack.writing.about import About
from petition.exports.writing.sheets import SHEETS_AT_ONCE, Head, Line, part_data, shown


def sheets(head: Head, records: Callable[[], Iterable[Record]]) -> Iterator[bytes]:
    """Yield the file piece by piece."""
    binding = Binding(head.title, head.language, text_direction(head.language))
    yield binding.begin()
    for made in typeset_parts("names.typ", _parts(head, _lines(records()))):
        yield binding.add(made)
    yield binding.end()


def _parts(head: Head, lines: Iterator[Line]) -> Iterator[dict[str, Any]]:
    for first in range(1, head.sheets + 1, SHEETS_AT_ONCE):
        yield part_data(head, list(islice(lines, head.lines * SHEETS_AT_ONCE)), first)


def head_of(about: About, counted: Counted, cut_off: datetime) -> Head:
    """Return what stands on every sheet."""
    _, until = about.speech.gettext, f"{about.until(cut_off)} (UTC)"
    return Head(
        title=about.title["text"],
        written_in=about.title["lang"],
        language=about.language,
        day="",
        total=counted.totals.signatures,
        memo=(
            (_("To"), f"{about.office} · {about.country}"),
            (_("From"), about.organisation),
            (_("Confirmed up to"), until),
            (_("Signed in"), _signed_in(about, counted)),
        ),
        ask=about.summary["text"],
        paper=about.paper,
    )


def _signed_in(about: About, counted: Counted) -> str:
    """Return in which languages people read what they signed: the title here may be in another."""
    languages = Counter[str]()
    for name, count in counted.signed.items():
        languages[name.removeprefix("texts/").rpartition("-")[0]] += count
    return ", ".join(f"{own_name(code)} ({about.count(n)})" for code, n in languages.most_common())


def _lines(records: Iterable[Record]) -> Iterator[Line]:
    return ((shown(record.name), record.country) for record in records)
