"""Packs of deliveries: each that was asked for, and who took its file away."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TIERS = ("counts", "names", "localities", "addresses")
WHOLE = ("sha256", "row_count", "root", "signed_under")
FINISHED = " AND ".join(f"(finished_at IS NULL) = ({name} IS NULL)" for name in WHOLE)


def upgrade() -> None:
    op.create_table(
        "delivery_pack",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", big_id, nullable=False),
        sa.Column("job_id", big_id, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("asked_at", utc, nullable=False),
        sa.Column("secret_box", sa.LargeBinary(), nullable=False),
        sa.Column("secret_key", sa.String(length=8), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("root", sa.String(length=64), nullable=True),
        sa.Column("signed_under", sa.String(length=16), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("finished_at", utc, nullable=True),
        sa.CheckConstraint(sa.column("tier").in_(TIERS), name=op.f("ck_delivery_pack_pack_tier")),
        sa.CheckConstraint(FINISHED, name=op.f("ck_delivery_pack_finished_with_its_root")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_pack_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_delivery_pack_job_id_job")),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_delivery_pack_organiser_id_organiser")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_pack")),
        sa.UniqueConstraint("job_id", name=op.f("uq_delivery_pack_job_id")),
    )
    op.create_index(op.f("ix_delivery_pack_delivery_id"), "delivery_pack", ["delivery_id"])
    _make_downloads()


def _make_downloads() -> None:
    op.create_table(
        "delivery_pack_download",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("pack_id", big_id, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("session_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"],
            ["delivery_pack.id"],
            name=op.f("fk_delivery_pack_download_pack_id_delivery_pack"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_delivery_pack_download_organiser_id_organiser"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_pack_download")),
    )
    op.create_index("ix_delivery_pack_download_pack", "delivery_pack_download", ["pack_id", "at"])


def downgrade() -> None:
    op.drop_table("delivery_pack_download")
    op.drop_table("delivery_pack")
