"""Moderators find the reasons that they have not shown."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TO_READ = "has_reason AND NOT reason_shown AND visibility <> 'private' AND state = 'confirmed'"


def upgrade() -> None:
    op.create_index(
        "ix_signature_reasons_to_read",
        "signature",
        ["petition_id", "signed_at", "id"],
        postgresql_where=sa.text(TO_READ),
        sqlite_where=sa.text(TO_READ),
    )


def downgrade() -> None:
    op.drop_index("ix_signature_reasons_to_read", table_name="signature")
