"""Letters say in which hour they were written, confirmed and sent."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LETTER = ("created_at", "confirmed_at", "changed_at", "sent_at", "asked_at", "answered_at")
OVER = "state NOT IN ('queued', 'sending') OR attempts = 0"
"""Of which letters no due time is that of a new try."""


def _in_hours(columns: tuple[str, ...]) -> str:
    if op.get_bind().dialect.name == "postgresql":
        return ", ".join(f"{name} = date_trunc('hour', {name}, 'UTC')" for name in columns)
    hour = "strftime('%Y-%m-%d %H:00:00.000000', {0})"
    return ", ".join(f"{name} = {hour.format(name)}" for name in columns)


def upgrade() -> None:
    # The words put in are our own.
    op.execute(f"UPDATE letter SET {_in_hours(LETTER)}")  # noqa: S608
    op.execute(f"UPDATE letter SET {_in_hours(('due_at',))} WHERE {OVER}")  # noqa: S608
    op.execute(f"UPDATE letter_transition SET {_in_hours(('at',))}")  # noqa: S608
    op.execute(f"UPDATE told_letter SET {_in_hours(('told_at',))}")  # noqa: S608


def downgrade() -> None:
    """Leave them: nobody knows the moments any more, and an hour is a moment too."""
