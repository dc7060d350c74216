"""The kinds of column, named once."""

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any

from sqlalchemy import (
    CHAR,
    BigInteger,
    DateTime,
    Dialect,
    Identity,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import mapped_column


class _SqliteUtc(TypeDecorator[datetime]):
    """SQLite has no time zones: stored as naive UTC, given back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


utc = DateTime(timezone=True).with_variant(_SqliteUtc(), "sqlite")
big_id = BigInteger().with_variant(Integer(), "sqlite")


def enum_of(kind: type[Enum], name: str) -> SqlEnum:
    """A text column that holds the values of `kind` and a CHECK that allows no others."""
    return SqlEnum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


def rows_where(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only the rows for which a condition is true."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


Id = Annotated[int, mapped_column(big_id, Identity(), primary_key=True)]
Slug = Annotated[str, mapped_column(String(80))]
UtcDateTime = Annotated[datetime, mapped_column(utc)]
Language = Annotated[str, mapped_column(String(12))]
Country = Annotated[str, mapped_column(CHAR(2))]
Digest = Annotated[bytes, mapped_column(LargeBinary(32))]
Box = Annotated[bytes, mapped_column(LargeBinary)]
KeyId = Annotated[str, mapped_column(String(8))]
LongText = Annotated[str, mapped_column(Text)]
