"""Links and drafts from before live to the end of their last hour: it told when they were made."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("signature_link", "letter_link", "letter_draft")
END_OF_HOUR = {
    "postgresql": (
        "date_trunc('hour', expires_at + interval '1 hour' - interval '1 microsecond', 'UTC')"
    ),
    "sqlite": (
        "strftime('%Y-%m-%d %H:00:00.000000', expires_at, '+1 hour', '-0.001 seconds')"
    ),
}


def upgrade() -> None:
    end = END_OF_HOUR[op.get_bind().dialect.name]
    for table in TABLES:
        op.execute(f"UPDATE {table} SET expires_at = {end}")  # noqa: S608 - our own words


def downgrade() -> None:
    """Leave them: nobody knows the moments any more, and an hour is a moment too."""
