"""Exports say how many of their rows could not be opened."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("export", sa.Column("unreadable_count", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("export") as export:
        export.drop_column("unreadable_count")
