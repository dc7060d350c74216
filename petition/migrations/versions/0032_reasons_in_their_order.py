"""The newest reasons are read from their index alone, however many came in one hour."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NAME = "ix_signature_shown_reasons"
BEFORE = ["petition_id", "confirmed_at"]
SHOWN = sa.text("reason_shown")


def upgrade() -> None:
    _make_index([*BEFORE, "id"])


def _make_index(columns: list[str]) -> None:
    op.drop_index(NAME, table_name="signature")
    op.create_index(NAME, "signature", columns, postgresql_where=SHOWN, sqlite_where=SHOWN)


def downgrade() -> None:
    _make_index(BEFORE)
