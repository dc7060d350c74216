"""Migrations follow one another in one line: two written at once are seen before a run."""

import re

from tests.architecture.layers import imports
from tests.architecture.sources import WRITTEN_BY_ALEMBIC

FROZEN = "petition.migrations.frozen."

NAMED = re.compile(r'^(down_)?revision = (?:"(\d{4})"|None)$', re.MULTILINE)


def test_each_migration_has_its_own_number_and_follows_the_one_before() -> None:
    files = sorted(WRITTEN_BY_ALEMBIC.glob("[0-9]*.py"))
    found = [[name[1] for name in NAMED.findall(path.read_text("utf-8"))] for path in files]
    numbers = [f"{place:04}" for place in range(1, len(files) + 1)]

    assert [path.name[:4] for path in files] == numbers
    assert found == [list(pair) for pair in zip(numbers, ["", *numbers], strict=False)]


def test_no_migration_imports_what_lives() -> None:
    frozen = WRITTEN_BY_ALEMBIC.parent / "frozen"
    files = [*WRITTEN_BY_ALEMBIC.glob("*.py"), *frozen.glob("*.py")]
    living = [
        f"{path.name}: {name}"
        for path in files
        for _line, name in imports(path.read_text("utf-8"))
        if name.partition(".")[0] in {"petition", "config"} and not name.startswith(FROZEN)
    ]

    assert len(files) > len(list(frozen.glob("*.py"))) > 0
    assert living == []
