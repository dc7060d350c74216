"""A letter knows the hour of whose cap it has its part, whoever claimed it."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("paced_in", utc, nullable=True))


def downgrade() -> None:
    op.drop_column("letter", "paced_in")
