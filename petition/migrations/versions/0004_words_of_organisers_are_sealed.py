"""Words of organisers may name a person: they are sealed like everything else that does."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REMOVAL = sa.table(
    "removal",
    sa.column("id", big_id),
    sa.column("signature_id", big_id),
    sa.column("why", sa.String),
    sa.column("why_box", sa.LargeBinary),
    sa.column("why_key", sa.String),
)
EXPORT = sa.table(
    "export",
    sa.column("id", big_id),
    sa.column("organiser_id", big_id),
    sa.column("begun_at", utc),
    sa.column("why", sa.String),
    sa.column("why_box", sa.LargeBinary),
    sa.column("why_key", sa.String),
)


def upgrade() -> None:
    _seal(REMOVAL, lambda row: f"removal:{row.signature_id}")
    _seal(EXPORT, lambda row: f"export:{row.organiser_id}:{row.begun_at.isoformat()}")


def _seal(table: sa.TableClause, context: Callable[[Any], str]) -> None:
    op.add_column(table.name, sa.Column("why_box", sa.LargeBinary(), nullable=True))
    op.add_column(table.name, sa.Column("why_key", sa.String(length=8), nullable=True))
    connection, seal = op.get_bind(), op.get_context().opts["seal"]
    for row in connection.execute(sa.select(table).where(table.c.why.is_not(None))).all():
        sealed = seal(row.why.encode(), context(row))
        connection.execute(
            sa.update(table)
            .where(table.c.id == row.id)
            .values(why_box=sealed.box, why_key=sealed.key_id)
        )
    op.drop_column(table.name, "why")


def downgrade() -> None:
    raise NotImplementedError("what is sealed stays so")
