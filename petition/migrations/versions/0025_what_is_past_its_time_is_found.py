"""What is past its time, and what the desk counts of letters, is found without reading all rows."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_signature_link_expires_at", "signature_link", ["expires_at"], None),
    ("ix_signature_link_given", "signature_link", ["expires_at"], "given IS NOT NULL"),
    ("ix_letter_link_expires_at", "letter_link", ["expires_at"], None),
    ("ix_mail_allowance_day", "mail_allowance", ["day"], None),
    ("ix_outbox_mail_finished", "outbox_mail", ["finished_at"], "finished_at IS NOT NULL"),
    ("ix_letter_unconfirmed", "letter", ["changed_at"], "state = 'awaiting'"),
    (
        "ix_letter_to_ask",
        "letter",
        ["sent_at"],
        "state = 'sent' AND asked_at IS NULL AND answer IS NULL AND content IS NOT NULL",
    ),
    (
        "ix_letter_sent_with_words",
        "letter",
        ["sent_at"],
        "content IS NOT NULL AND sent_at IS NOT NULL",
    ),
    (
        "ix_letter_unsent_with_words",
        "letter",
        ["confirmed_at"],
        "content IS NOT NULL AND sent_at IS NULL "
        "AND state NOT IN ('awaiting', 'queued', 'sending')",
    ),
    (
        "ix_letter_numbers",
        "letter",
        ["letter_campaign_id", "recipient_id", "state", "on_hold", "answer", "own_share"],
        None,
    ),
    (
        "ix_letter_answers",
        "letter",
        ["letter_campaign_id", "answered_at", "id"],
        "answer IS NOT NULL",
    ),
)
REPLACED = ("ix_letter_sent_at", "letter", ["sent_at"], "sent_at IS NOT NULL")


def _create(name: str, table: str, columns: list[str], where: str | None) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, columns, postgresql_where=only, sqlite_where=only)


def upgrade() -> None:
    for index in INDEXES:
        _create(*index)
    op.drop_index(REPLACED[0], table_name=REPLACED[1])


def downgrade() -> None:
    _create(*REPLACED)
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table_name=table)
