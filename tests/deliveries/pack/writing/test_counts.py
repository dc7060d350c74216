"""A pack's counts: from where, when and which text, each adding up to all."""

import csv
import io

from petition.deliveries.pack.manifest import Totals, TreeHead
from petition.deliveries.pack.packing import Counted
from petition.deliveries.pack.writing.counts import counts

COUNTED = Counted(
    Totals(7, {"GB": 4, "CA": 3}, {"2026-W46": 5, "2026-W45": 2}),
    TreeHead(7, "00" * 32),
    {"texts/fr-2.txt": 1, "texts/en-2.txt": 6},
)


def test_it_counts_by_country_area_week_and_text_in_their_order() -> None:
    whole = b"".join(counts(COUNTED, {"GB SW": 4, "CA K1A": 2, "CA": 1}))
    text = whole.decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["of", "which", "signatures"],
        ["all", "", "7"],
        ["country", "CA", "3"],
        ["country", "GB", "4"],
        ["area", "CA", "1"],
        ["area", "CA K1A", "2"],
        ["area", "GB SW", "4"],
        ["week", "2026-W45", "2"],
        ["week", "2026-W46", "5"],
        ["text", "texts/en-2.txt", "6"],
        ["text", "texts/fr-2.txt", "1"],
    ]


def test_without_areas_it_has_none() -> None:
    assert b"area" not in b"".join(counts(COUNTED, {}))
