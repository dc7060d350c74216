"""A link leads whoever pressed it to the receipt for some minutes more."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

LINKS = ("signature_link", "letter_link")


def upgrade() -> None:
    for links in LINKS:
        op.add_column(links, sa.Column("pressed", sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    for links in LINKS:
        with op.batch_alter_table(links) as table:
            table.drop_column("pressed")
