"""How SQLite finds the rows that a piece of work asks for."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from petition.core.storage.database import engine, is_sqlite

READING = ("SELECT", "UPDATE", "DELETE", "WITH")


def read_whole(work: Callable[[], object]) -> set[str]:
    """Return the tables that `work` reads from end to end, with no index to go by.

    PostgreSQL cannot be asked: it reads small tables so, whatever indexes there are.
    """
    plans = _plans_of(work)
    return {plan.split()[1] for plan in plans if plan.startswith("SCAN") and "INDEX" not in plan}


def sorts(work: Callable[[], object]) -> bool:
    """Whether `work` has rows put in order that no index has in it, so that all of them wait."""
    return any("TEMP B-TREE" in plan for plan in _plans_of(work))


def _plans_of(work: Callable[[], object]) -> list[str]:
    if not is_sqlite():
        pytest.skip("PostgreSQL reads small tables so whatever indexes there are")
    said: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    event.listen(engine(), "before_cursor_execute", listen)
    work()
    event.remove(engine(), "before_cursor_execute", listen)
    asked = [one for one in said if one[0].startswith(READING)]
    assert asked, "it says nothing to the database"
    with engine().connect() as connection:
        driver: Any = connection.connection.driver_connection
        return [
            str(step[3])
            for statement, values in asked
            for step in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
