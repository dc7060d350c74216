"""A file that is ready is told of until whoever asked for it has seen that.

Those of before are told of no more: they are there for some hours, and were told of on every page.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import utc

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("made_file", sa.Column("seen_at", utc, nullable=True))
    op.execute("UPDATE made_file SET seen_at = whole_at")


def downgrade() -> None:
    with op.batch_alter_table("made_file") as file:
        file.drop_column("seen_at")
