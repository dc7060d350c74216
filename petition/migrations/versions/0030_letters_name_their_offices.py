"""A version of a letter keeps what its offices were called, and is guarded with that.

So far it was what they are called now, which is what the versions that there are get.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.letter_recipient_guards import (
    guard_recipients,
    leave_recipients_unguarded,
)

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLE = "letter_version_recipient"
NAMED = {"office": sa.JSON(), "jurisdiction": sa.String(length=2)}
FILL = """
UPDATE letter_version_recipient
SET office = recipient.office, jurisdiction = recipient.jurisdiction
FROM recipient WHERE recipient.id = letter_version_recipient.recipient_id
"""


def upgrade() -> None:
    leave_recipients_unguarded()
    for name, kind in NAMED.items():
        op.add_column(TABLE, sa.Column(name, kind, nullable=True))
    op.execute(FILL)
    with op.batch_alter_table(TABLE) as recipients:
        for name, kind in NAMED.items():
            recipients.alter_column(name, existing_type=kind, nullable=False)
    guard_recipients()


def downgrade() -> None:
    for name in NAMED:
        op.drop_column(TABLE, name)
