"""What time it is by the database: asked as somebody turns to it, about once a second."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, event

from petition.core import clock

THE_TIME = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
    "postgresql": "SELECT clock_timestamp()",
}
"""How each database is asked; SQLite, which has no kind of its own for times, says it in words."""


def keep_its_time(target: Engine) -> None:
    """Go by the clock of this database as long as it is in use."""
    asked = THE_TIME[target.dialect.name]

    @event.listens_for(target, "checkout")
    def compare_clocks(driver: Any, _record: Any, _lent: Any) -> None:
        if clock.is_to_be_asked():
            clock.compare_with(lambda: _said(driver, asked))


def _said(driver: Any, asked: str) -> datetime:
    cursor = driver.cursor()
    try:
        cursor.execute(asked)
        said = cursor.fetchone()[0]
    finally:
        cursor.close()
    return said if isinstance(said, datetime) else datetime.fromisoformat(said)
