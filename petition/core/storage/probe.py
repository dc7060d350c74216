"""The one row that is written to see whether anything can be."""

from sqlalchemy import CheckConstraint, func, update
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import UtcDateTime
from petition.core.storage.database import Base, single_statements


class Probe(Base):
    """When somebody last looked whether this database takes writes."""

    __tablename__ = "probe"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    written_at: Mapped[UtcDateTime]


def takes_writes() -> bool:
    """Write it, by the database's clock; raises SQLAlchemyError where nothing can be written."""
    with single_statements() as connection:
        return connection.execute(update(Probe).values(written_at=func.now())).rowcount == 1
