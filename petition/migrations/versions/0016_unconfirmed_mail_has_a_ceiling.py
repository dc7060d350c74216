"""Mail to people who have confirmed nothing yet is counted by the hour."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import utc

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('queued', 'sending')")
INDEX = "ix_outbox_mail_waiting_by_ceiling"
THOSE_THAT_WAIT = """
UPDATE outbox_mail SET unconfirmed = true
WHERE state IN ('queued', 'sending') AND kind IN ('confirm_signature', 'confirm_letter')
"""


def upgrade() -> None:
    op.add_column(
        "outbox_mail",
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(THOSE_THAT_WAIT)
    op.create_index(
        INDEX,
        "outbox_mail",
        ["unconfirmed", "due_at"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    op.create_table(
        "unconfirmed_mail",
        sa.Column("hour", utc, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("ceiling", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_unconfirmed_mail_counts_up")),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_unconfirmed_mail")),
    )


def downgrade() -> None:
    op.drop_table("unconfirmed_mail")
    op.drop_index(INDEX, table_name="outbox_mail")
    op.drop_column("outbox_mail", "unconfirmed")
