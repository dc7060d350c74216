"""Letters are claimed and noted in batches, each with its place.

Workers are stopped meanwhile; what one was sending nevertheless waits for a person.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LET_GO = "UPDATE letter SET claimed_by = NULL WHERE state <> 'sending' AND claimed_by IS NOT NULL"
LEFT_IN_DOUBT = """
UPDATE letter
SET state = 'unknown', changed_at = CURRENT_TIMESTAMP, changed_by = NULL, claimed_by = NULL,
    last_answer = 'worker died'
WHERE state = 'sending'
"""
SENDING = sa.text("state = 'sending'")


def index_what_is_being_sent(columns: list[str]) -> None:
    """Make the index anew over these columns."""
    op.drop_index("ix_letter_sending", table_name="letter")
    op.create_index(
        "ix_letter_sending",
        "letter",
        columns,
        postgresql_where=SENDING,
        sqlite_where=SENDING,
    )


def upgrade() -> None:
    op.execute(LET_GO)
    op.execute(LEFT_IN_DOUBT)
    index_what_is_being_sent(["claimed_by", "id"])
    op.create_table(
        "letter_batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("worker_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "letter_place",
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("letter_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["letter_batch.id"],
            name=op.f("fk_letter_place_batch_id_letter_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_letter_place")),
        prefixes=["UNLOGGED"] if is_postgresql else [],
    )


def downgrade() -> None:
    op.execute(LEFT_IN_DOUBT)
    op.drop_table("letter_place")
    op.drop_table("letter_batch")
    index_what_is_being_sent(["claimed_by"])
