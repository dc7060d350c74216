"""The kinds of column that migrations name, as they were when they were written."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, TypeDecorator


class _SqliteUtc(TypeDecorator[datetime]):
    """SQLite has no time zones: stored as naive UTC, given back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


utc = DateTime(timezone=True).with_variant(_SqliteUtc(), "sqlite")
big_id = BigInteger().with_variant(Integer(), "sqlite")
