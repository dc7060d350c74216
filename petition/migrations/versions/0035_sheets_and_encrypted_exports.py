"""An export may be sheets of names in PDF, and may be encrypted for public keys of age.

Going back, files of both kinds are deleted, and what is being made is cancelled: it would be made
in the clear.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.export_jobs import give_up

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

FORMATS_BEFORE = ("csv", "jsonl")
FORMATS = (*FORMATS_BEFORE, "pdf")


def upgrade() -> None:
    with op.batch_alter_table("export") as export:
        _allow(export, FORMATS)
        export.add_column(sa.Column("encrypted_for", sa.Text(), nullable=True))


def downgrade() -> None:
    give_up("format = 'pdf' OR encrypted_for IS NOT NULL")
    op.execute("UPDATE export SET format = 'csv' WHERE format = 'pdf'")  # it has no other word
    with op.batch_alter_table("export") as export:
        export.drop_column("encrypted_for")
        _allow(export, FORMATS_BEFORE)


def _allow(export, formats) -> None:
    name = op.f("ck_export_export_format")
    export.drop_constraint(name, type_="check")
    export.create_check_constraint(name, sa.column("format").in_(formats))
