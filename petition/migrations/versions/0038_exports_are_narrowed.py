"""An export may hold some countries, days and languages alone, and several petitions at once.

Going back, such a file is deleted, and what is being made is cancelled: an older version would make
another file of it, and call it what it is not.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id
from petition.migrations.frozen.export_jobs import give_up

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

COLUMNS = {"countries": sa.Text, "languages": sa.Text, "first_day": sa.Date, "last_day": sa.Date}
RULES = {
    "days_in_order": "last_day >= first_day",
    "names_what_it_narrows_to": "countries <> '' AND languages <> ''",
}
ARE_NEW = " OR ".join(
    [
        *(f"{name} IS NOT NULL" for name in COLUMNS),
        "id IN (SELECT export_id FROM export_petition)",
    ]
)


def upgrade() -> None:
    with op.batch_alter_table("export") as export:
        for name, kind in COLUMNS.items():
            export.add_column(sa.Column(name, kind(), nullable=True))
        for name, rule in RULES.items():
            export.create_check_constraint(op.f(f"ck_export_{name}"), sa.text(rule))
    op.create_table(
        "export_petition",
        sa.Column("export_id", big_id, autoincrement=False, nullable=False),
        sa.Column("petition_id", big_id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"],
            ["export.id"],
            name=op.f("fk_export_petition_export_id_export"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_export_petition_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("export_id", "petition_id", name=op.f("pk_export_petition")),
    )
    op.create_index(op.f("ix_export_petition_petition_id"), "export_petition", ["petition_id"])


def downgrade() -> None:
    give_up(ARE_NEW)
    op.drop_table("export_petition")
    with op.batch_alter_table("export") as export:
        for name in RULES:
            export.drop_constraint(op.f(f"ck_export_{name}"), type_="check")
        for name in COLUMNS:
            export.drop_column(name)
