"""What papers of a pack are about, made up."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from petition.deliveries.pack.manifest import Profile, Totals, TreeHead
from petition.deliveries.pack.minisign import PublicKey
from petition.deliveries.pack.models import OwnWords
from petition.deliveries.pack.packing import Counted
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.writing.about import About, Site, in_its_language

CUT_OFF = datetime(2026, 12, 1, tzinfo=UTC)
DAY = date(2026, 12, 1)
ROOT = "0123456789abcdef" * 4
COUNTED = Counted(
    Totals(1_234, {"GB": 1_000, "CA": 234}, {"2026-W45": 234, "2026-W48": 1_000}),
    TreeHead(1_234, ROOT),
    {"texts/en-1.txt": 1_200, "texts/fr-1.txt": 34},
)


def about(language: str = "en", **changes: Any) -> About:
    """Return a petition to a minister who reads this language."""
    made = About(
        language=language,
        site=Site("Sample Month", "https://petition.example.org"),
        organisation="Sample Coalition",
        contact="contact@example.org",
        title=in_its_language("Close the gap", "en"),
        summary=in_its_language("We ask you to act.", "en"),
        office="Foreign Secretary",
        country="United Kingdom",
        address=("Foreign Secretary", "1 Sample Street", "London"),
        salutation="Dear Foreign Secretary,",
        close="Yours faithfully,",
        paper="a4",
        answer_days=30,
        profile=Profile.MINISTER,
        tier=Tier.NAMES,
        asks_for_areas=False,
        own=OwnWords(),
        key=PublicKey.of(bytes(range(32))),
    )
    return replace(made, **changes)


def longest(language: str) -> About:
    """Return one in which everything is as long as it can be."""
    line = "W" * 60
    return about(
        language,
        organisation="Wide Organisation " * 11,
        contact=f"{'w' * 60}@{'w' * 180}.example",
        title=in_its_language("Wide words of a title " * 9, language),
        summary=in_its_language("Wide words of a summary " * 16, language),
        office="Wide office " * 16,
        address=(line,) * 8,
        salutation="Wide salutation " * 12,
        close="Wide close " * 18,
        own=OwnWords("\n".join(["wide words " * 9] * 6)),
        profile=Profile.UK_PAPER,
    )
