"""What offices found in samples of packs."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

COUNTS = (
    *("size", "valid", "unreachable", "automated", "not_a_name", "of_another", "withdrawn"),
    *("duplicates", "required"),
)
RULES = {
    "each_is_valid_or_not": (
        "size > 0 AND valid + unreachable + automated + not_a_name + of_another + withdrawn = size"
    ),
    "counts_from_nothing": (
        "valid >= 0 AND unreachable >= 0 AND automated >= 0 AND not_a_name >= 0 "
        "AND of_another >= 0 AND withdrawn >= 0"
    ),
    "duplicates_are_of_the_valid": (
        "duplicates >= 0 AND (duplicates = 0 OR duplicates < valid)"
    ),
    "some_are_required": "required > 0",
}


def upgrade() -> None:
    op.create_table(
        "delivery_sample",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("pack_id", big_id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("recorded_at", utc, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_delivery_sample_{name}"))
            for name, rule in RULES.items()
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["delivery_pack.id"], name=op.f("fk_delivery_sample_pack_id_delivery_pack")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_delivery_sample_organiser_id_organiser"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_sample")),
    )
    op.create_index(op.f("ix_delivery_sample_pack_id"), "delivery_sample", ["pack_id"])


def downgrade() -> None:
    op.drop_table("delivery_sample")
