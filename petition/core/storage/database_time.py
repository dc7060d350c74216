"""What time it is by the database: asked as a transaction begins, about once a second."""

from datetime import datetime

from sqlalchemy import Connection, Engine, event

from petition.core import clock

THE_TIME = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
    "postgresql": "SELECT clock_timestamp()",
}
"""How each database is asked; SQLite, which has no kind of its own for times, says it in words."""


def keep_its_time(target: Engine) -> None:
    """Go by the clock of this database as long as it is in use."""

    @event.listens_for(target, "begin")
    def compare_clocks(connection: Connection) -> None:
        if clock.is_to_be_asked():
            clock.compare_with(lambda: _time_of(connection))


def _time_of(connection: Connection) -> datetime:
    said = connection.exec_driver_sql(THE_TIME[connection.dialect.name]).scalar_one()
    return said if isinstance(said, datetime) else datetime.fromisoformat(said)
