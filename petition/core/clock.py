"""The time, always aware and in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def hour_of(instant: datetime) -> datetime:
    """Return the start of the UTC hour that holds the aware `instant`."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
