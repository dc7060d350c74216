"""The audit log: entries that never change, and where it ends."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc
from petition.migrations.frozen.audit_guards import guard_audit, leave_audit_unguarded

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", big_id, autoincrement=False, nullable=False),
        sa.Column("at", utc, nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("organiser_id", big_id, nullable=True),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_key", sa.String(length=8), nullable=True),
        sa.Column("content_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("chain_tag", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint(
            "actor IN ('organiser', 'somebody', 'terminal', 'itself')",
            name=op.f("ck_audit_entry_audit_actor"),
        ),
        sa.CheckConstraint(
            "(about IS NULL) = (about_key IS NULL)", name=op.f("ck_audit_entry_about_has_its_key")
        ),
        sa.CheckConstraint(
            "(actor <> 'organiser' OR organiser_id IS NOT NULL) "
            "AND (actor NOT IN ('terminal', 'itself') OR organiser_id IS NULL)",
            name=op.f("ck_audit_entry_organisers_act_by_number"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at", "number"])
    op.create_index("ix_audit_entry_organiser", "audit_entry", ["organiser_id", "at", "number"])
    op.create_index("ix_audit_entry_act", "audit_entry", ["act", "at", "number"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", big_id, nullable=False),
        sa.Column("chain_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("head_tag", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    guard_audit()


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    leave_audit_unguarded()
