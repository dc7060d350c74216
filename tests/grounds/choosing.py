"""What a run has time for: one database where both would show the same, and everything on request.

A module whose tests are about words, markup or headers says so with `pytestmark =
pytest.mark.any_database`; what is about constraints, locks, encodings or SQL runs on both.
"""

from typing import cast

import pytest

EXAMPLES = {"sqlite": 60, "postgres": 0}
ALL_EXAMPLES = {"sqlite": 450, "postgres": 60}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a nightly run ask for all."""
    parser.addoption(
        "--everything",
        action="store_true",
        help="every test on both databases, and several hundred more troublemakers in each field",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the second database out where a module says that it would show nothing new."""
    if config.option.everything:
        return
    again = [item for item in items if _is_on_postgres(item) and is_about_any(item)]
    if again:
        config.hook.pytest_deselected(items=again)
        items[:] = [item for item in items if item not in set(again)]


def is_about_any(item: pytest.Item) -> bool:
    """Whether the test says that its database makes no difference."""
    return item.get_closest_marker("any_database") is not None


def _is_on_postgres(item: pytest.Item) -> bool:
    called = getattr(item, "callspec", None)
    return called is not None and called.params.get("database") == "postgres"


@pytest.fixture
def examples(request: pytest.FixtureRequest, database: str) -> int:
    """How many made-up troublemakers a field gets, besides the known ones."""
    everything = cast("bool", request.config.option.everything)
    kind = "sqlite" if database.startswith("sqlite") else "postgres"
    return (ALL_EXAMPLES if everything else EXAMPLES)[kind]
