"""What strangers' forms bring in is appended, and a worker decides; networks have budgets.

Rows that stood for a mail that was never sent, so that an answer took as long, are needed no more.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_key", sa.String(8), nullable=False),
        sa.Column("about", sa.LargeBinary(32)),
        sa.Column("aim", big_id),
        sa.Column("arrived_at", utc, nullable=False),
        sa.Column("due_at", utc),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_arrival_attempts_are_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_arrival_about", "arrival", ["about"])
    op.create_table(
        "budget",
        sa.Column("tag", sa.LargeBinary(32), nullable=False),
        sa.Column("used_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_budget")),
    )
    op.execute("DELETE FROM outbox_mail WHERE kind = 'nothing'")


def downgrade() -> None:
    op.drop_table("budget")
    op.drop_table("arrival")
