"""Who waits for whom in the database."""

from sqlalchemy import text

from petition.core.storage.database import engine


def somebody_waits() -> bool:
    """Whether a session of this PostgreSQL database waits for another's lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with engine().connect() as connection:
        return bool(connection.scalar(text(f"{asked} AND datname = current_database()")))
