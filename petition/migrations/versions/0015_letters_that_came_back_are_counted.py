"""Letters that came back are counted by office, so that a pause can wait until it happens again."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CAME_BACK = sa.text("state = 'bounced'")


def upgrade() -> None:
    op.create_index(
        "ix_letter_returned",
        "letter",
        ["recipient_id", "changed_at"],
        postgresql_where=CAME_BACK,
        sqlite_where=CAME_BACK,
    )


def downgrade() -> None:
    op.drop_index("ix_letter_returned", table_name="letter")
