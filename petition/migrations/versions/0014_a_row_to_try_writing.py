"""A row by which /readyz sees whether anything can be written."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import utc

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "probe",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("written_at", utc, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_probe_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe")),
    )
    op.execute("INSERT INTO probe (id, written_at) VALUES (1, CURRENT_TIMESTAMP)")


def downgrade() -> None:
    op.drop_table("probe")
