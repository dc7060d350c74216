"""An event takes place somewhere, or is online; a sample campaign says that it is one."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("place", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "campaign", sa.Column("is_sample", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("campaign", "is_sample")
    op.drop_column("event", "place")
