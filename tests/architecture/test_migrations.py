"""Migrations follow one another in one line: two written at once are seen before a run."""

import re

from tests.architecture.sources import WRITTEN_BY_ALEMBIC

NAMED = re.compile(r'^(down_)?revision = (?:"(\d{4})"|None)$', re.MULTILINE)


def test_each_migration_has_its_own_number_and_follows_the_one_before() -> None:
    files = sorted(WRITTEN_BY_ALEMBIC.glob("[0-9]*.py"))
    found = [[name[1] for name in NAMED.findall(path.read_text("utf-8"))] for path in files]
    numbers = [f"{place:04}" for place in range(1, len(files) + 1)]

    assert [path.name[:4] for path in files] == numbers
    assert found == [list(pair) for pair in zip(numbers, ["", *numbers], strict=False)]
