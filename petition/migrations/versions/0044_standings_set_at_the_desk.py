"""A standing may be set at the desk, from an answer; it is said by whom."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gap_standing_at_desk",
        sa.Column("standing_id", big_id, autoincrement=False, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("set_at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["standing_id"],
            ["gap_standing.id"],
            name=op.f("fk_gap_standing_at_desk_standing_id_gap_standing"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_gap_standing_at_desk_organiser_id_organiser"),
        ),
        sa.PrimaryKeyConstraint("standing_id", name=op.f("pk_gap_standing_at_desk")),
    )


def downgrade() -> None:
    op.drop_table("gap_standing_at_desk")
