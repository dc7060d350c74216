"""An export keeps which signatures its file held, and another can continue it.

Beside it stands who has taken back, from now on, that they may be e-mailed. Going back, files that
continue another are deleted, and what is being made of them is cancelled: an older page would take
them for whole ones.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc
from petition.migrations.frozen.export_jobs import give_up

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KINDS = ("signatures", "removals", "mail_stops")
CONTINUES = "fk_export_since_id_export"


def upgrade() -> None:
    with op.batch_alter_table("export") as export:
        export.add_column(sa.Column("since_id", big_id, nullable=True))
        kept = sa.Column("numbers_kept", sa.Boolean(), server_default=sa.false(), nullable=False)
        export.add_column(kept)
        export.create_foreign_key(op.f(CONTINUES), "export", ["since_id"], ["id"])
    with op.batch_alter_table("export") as export:
        export.alter_column("numbers_kept", server_default=None)
    _make_held()
    op.create_table(
        "mail_stop",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("signature_id", big_id, nullable=False),
        sa.Column("stopped_at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_mail_stop_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_stop")),
    )
    op.create_index("ix_mail_stop_petition", "mail_stop", ["petition_id", "stopped_at"])


def _make_held() -> None:
    op.create_table(
        "export_held",
        sa.Column("export_id", big_id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("chunk", big_id, autoincrement=False, nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(sa.column("kind").in_(KINDS), name=op.f("ck_export_held_held")),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_held_export_id_export")
        ),
        sa.PrimaryKeyConstraint("export_id", "kind", "chunk", name=op.f("pk_export_held")),
    )


def downgrade() -> None:
    give_up("since_id IS NOT NULL")
    op.drop_table("mail_stop")
    op.drop_table("export_held")
    with op.batch_alter_table("export") as export:
        export.drop_constraint(op.f(CONTINUES), type_="foreignkey")
        export.drop_column("numbers_kept")
        export.drop_column("since_id")
