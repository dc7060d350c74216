"""A hand-over names the pack that was handed over, and notices to strike records are recorded.

Of hand-overs from before, the pack is the one that the program took it to be until now: what
somebody took away last by then, else the newest that was whole.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TAKEN_TO_BE = """
INSERT INTO delivery_handed_pack (step_id, pack_id)
SELECT likely.step_id, likely.pack_id FROM (
    SELECT step.id AS step_id, pack.id AS pack_id, row_number() OVER (
        PARTITION BY step.id
        ORDER BY max(download.at) DESC NULLS LAST, pack.finished_at DESC, pack.id DESC
    ) AS place
    FROM delivery_step AS step
    JOIN delivery_pack AS pack
        ON pack.delivery_id = step.delivery_id AND pack.finished_at <= step.recorded_at
    LEFT JOIN delivery_pack_download AS download
        ON download.pack_id = pack.id AND download.at <= step.recorded_at
    WHERE step.kind = 'handed_over'
    GROUP BY step.id, pack.id, pack.finished_at
) AS likely
WHERE likely.place = 1
"""


def upgrade() -> None:
    op.create_table(
        "delivery_handed_pack",
        sa.Column("step_id", big_id, autoincrement=False, nullable=False),
        sa.Column("pack_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["delivery_step.id"],
            name=op.f("fk_delivery_handed_pack_step_id_delivery_step"),
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"],
            ["delivery_pack.id"],
            name=op.f("fk_delivery_handed_pack_pack_id_delivery_pack"),
        ),
        sa.PrimaryKeyConstraint("step_id", name=op.f("pk_delivery_handed_pack")),
    )
    op.execute(TAKEN_TO_BE)
    op.create_table(
        "delivery_strike_notice",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("pack_id", big_id, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("said_box", sa.LargeBinary(), nullable=False),
        sa.Column("said_key", sa.String(length=8), nullable=False),
        sa.Column("recorded_at", utc, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"],
            ["delivery_pack.id"],
            name=op.f("fk_delivery_strike_notice_pack_id_delivery_pack"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_delivery_strike_notice_organiser_id_organiser"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_strike_notice")),
        sa.UniqueConstraint("pack_id", "number", name="notices_of_a_pack_are_numbered"),
    )


def downgrade() -> None:
    op.drop_table("delivery_strike_notice")
    op.drop_table("delivery_handed_pack")
