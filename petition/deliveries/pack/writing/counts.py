"""How many signed from where, when and which text: counts.csv, with nothing of anybody in it."""

from collections.abc import Iterator, Mapping

from petition.deliveries.pack.packing import Counted
from petition.exports.writing.csv import shielded_cell

COUNTS = "counts.csv"
COLUMNS = ("of", "which", "signatures")

Line = tuple[str, str, int]


def counts(counted: Counted, areas: Mapping[str, int]) -> Iterator[bytes]:
    """Yield the table: RFC 4180, safe to open in spreadsheets."""
    found = _lines(counted, areas)
    lines = (f"{kind},{shielded_cell(which)},{number}" for kind, which, number in found)
    head = "\N{BYTE ORDER MARK}" + ",".join(COLUMNS)
    yield "\r\n".join([head, *lines, ""]).encode()


def _lines(counted: Counted, areas: Mapping[str, int]) -> Iterator[Line]:
    totals = counted.totals
    yield "all", "", totals.signatures
    for kind, each in (
        ("country", totals.countries),
        ("area", areas),
        ("week", totals.weeks),
        ("text", counted.signed),
    ):
        yield from ((kind, which, each[which]) for which in sorted(each))
