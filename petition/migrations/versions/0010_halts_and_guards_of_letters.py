"""Halts are remembered, stopped letters are found, recipients of a written version never change."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc
from petition.migrations.frozen.letter_recipient_guards import (
    guard_recipients,
    leave_recipients_unguarded,
)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STOPPED = sa.text("state = 'stopped' AND changed_by IS NOT NULL AND content IS NOT NULL")
OPEN = sa.text("resumed_at IS NULL")
COPY = """
INSERT INTO letter_halt (letter_campaign_id, stopped_at, stopped_by)
SELECT id, stopped_at, stopped_by FROM letter_campaign WHERE stopped_at IS NOT NULL
"""
COPY_BACK = """
UPDATE letter_campaign SET stopped_at = letter_halt.stopped_at, stopped_by = letter_halt.stopped_by
FROM letter_halt
WHERE letter_halt.letter_campaign_id = letter_campaign.id AND letter_halt.resumed_at IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "letter_halt",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("letter_campaign_id", big_id, nullable=False),
        sa.Column("stopped_at", utc, nullable=False),
        sa.Column("stopped_by", big_id, nullable=False),
        sa.Column("resumed_at", utc, nullable=True),
        sa.Column("resumed_by", big_id, nullable=True),
        sa.CheckConstraint(
            "(resumed_at IS NULL) = (resumed_by IS NULL)",
            name=op.f("ck_letter_halt_resumed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_campaign_id"],
            ["letter_campaign.id"],
            name=op.f("fk_letter_halt_letter_campaign_id_letter_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["stopped_by"], ["organiser.id"], name=op.f("fk_letter_halt_stopped_by_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["resumed_by"], ["organiser.id"], name=op.f("fk_letter_halt_resumed_by_organiser")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_halt")),
    )
    op.create_index(
        "one_open_halt_for_each_letter_campaign",
        "letter_halt",
        ["letter_campaign_id"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.execute(COPY)
    with op.batch_alter_table("letter_campaign") as letter_campaign:
        letter_campaign.drop_constraint(
            op.f("ck_letter_campaign_stopped_by_somebody"), type_="check"
        )
        letter_campaign.drop_column("stopped_by")
        letter_campaign.drop_column("stopped_at")
    op.create_index(
        "ix_letter_stopped",
        "letter",
        ["letter_campaign_id", "state", "created_at", "id"],
        postgresql_where=STOPPED,
        sqlite_where=STOPPED,
    )
    guard_recipients()


def downgrade() -> None:
    leave_recipients_unguarded()
    op.drop_index("ix_letter_stopped", table_name="letter")
    with op.batch_alter_table("letter_campaign") as letter_campaign:
        letter_campaign.add_column(sa.Column("stopped_at", utc, nullable=True))
        letter_campaign.add_column(sa.Column("stopped_by", big_id, nullable=True))
        letter_campaign.create_foreign_key(
            op.f("fk_letter_campaign_stopped_by_organiser"), "organiser", ["stopped_by"], ["id"]
        )
        letter_campaign.create_check_constraint(
            op.f("ck_letter_campaign_stopped_by_somebody"),
            "(stopped_at IS NULL) = (stopped_by IS NULL)",
        )
    op.execute(COPY_BACK)
    op.drop_table("letter_halt")
