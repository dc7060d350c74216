"""An event's identity in calendars is its own, and does not change when the site moves."""

import uuid

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

EVENT = sa.table("event", sa.column("id", big_id), sa.column("uid", sa.String))


def upgrade() -> None:
    op.add_column(
        "event", sa.Column("uid", sa.String(length=36), nullable=False, server_default="")
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(EVENT.c.id)).all():
        connection.execute(
            sa.update(EVENT).where(EVENT.c.id == row.id).values(uid=str(uuid.uuid4()))
        )
    op.create_index("ix_event_uid", "event", ["uid"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_event_uid", table_name="event")
    op.drop_column("event", "uid")
