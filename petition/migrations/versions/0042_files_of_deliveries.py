"""Deliveries have files: pictures and papers, sealed, each kept with one of their steps.

Of a file that is removed the record stays, without its words and its key. Going back, all files
are deleted with their tables.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TYPES = ("image/jpeg", "application/pdf")
RULES = {
    "removed_opens_no_more": (
        "(removed_at IS NULL) = (file_key IS NOT NULL) "
        "AND (file_key IS NULL) = (file_key_key IS NULL) "
        "AND (removed_at IS NULL) = (words_box IS NOT NULL) "
        "AND (words_box IS NULL) = (words_key IS NULL)"
    ),
    "removed_is_not_shown": "removed_at IS NULL OR shown_at IS NULL",
    "a_picture_has_sides_and_a_paper_pages": (
        "(media_type = 'image/jpeg') = (width IS NOT NULL AND height IS NOT NULL) "
        "AND (media_type = 'application/pdf') = (pages IS NOT NULL) "
        "AND (preview IS NULL OR media_type = 'image/jpeg')"
    ),
}


def upgrade() -> None:
    op.create_table(
        "delivery_file",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", big_id, nullable=False),
        sa.Column("step_id", big_id, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("added_at", utc, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("shown_at", utc, nullable=True),
        sa.Column("removed_at", utc, nullable=True),
        sa.Column("words_box", sa.LargeBinary(), nullable=True),
        sa.Column("words_key", sa.String(length=8), nullable=True),
        sa.Column("file_key", sa.LargeBinary(), nullable=True),
        sa.Column("file_key_key", sa.String(length=8), nullable=True),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            sa.column("media_type").in_(TYPES), name=op.f("ck_delivery_file_delivery_file_type")
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_delivery_file_{name}"))
            for name, rule in RULES.items()
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_file_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["delivery_step.id"], name=op.f("fk_delivery_file_step_id_delivery_step")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_delivery_file_organiser_id_organiser")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_file")),
        sa.UniqueConstraint("delivery_id", "number", name="files_of_a_delivery_are_numbered"),
    )
    op.create_index(op.f("ix_delivery_file_step_id"), "delivery_file", ["step_id"])
    _make_pieces()


def _make_pieces() -> None:
    op.create_table(
        "delivery_file_piece",
        sa.Column("file_id", big_id, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["delivery_file.id"],
            name=op.f("fk_delivery_file_piece_file_id_delivery_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_delivery_file_piece")),
    )
    if op.get_bind().dialect.name == "postgresql":  # what is sealed cannot be made shorter
        op.execute("ALTER TABLE delivery_file_piece ALTER COLUMN content SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE delivery_file ALTER COLUMN preview SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_table("delivery_file_piece")
    op.drop_table("delivery_file")
