"""Hosts say which keys they hold."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import utc

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_holder",
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("host", sa.String(80), nullable=False),
        sa.Column("key_ids", sa.String(1_000), nullable=False),
        sa.Column("current", sa.String(8), nullable=False),
        sa.Column("said_at", utc, nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_key_holder")),
    )


def downgrade() -> None:
    op.drop_table("key_holder")
