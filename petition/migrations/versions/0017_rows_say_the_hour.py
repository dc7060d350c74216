"""What stands outside the seals says the hour: what a moment is not needed for loses it here.

The moments of signatures are moved into their seals by the worker, who has the keys.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TIMES = {
    "removal": ("signed_at", "confirmed_at", "removed_at"),
    "review": ("opened_at", "closed_at"),
    "signature_link": ("used_at",),
}
FINISHED = ("created_at", "due_at", "finished_at")


def _in_hours(columns: tuple[str, ...]) -> str:
    if op.get_bind().dialect.name == "postgresql":
        return ", ".join(f"{name} = date_trunc('hour', {name}, 'UTC')" for name in columns)
    hour = "strftime('%Y-%m-%d %H:00:00.000000', {0})"
    return ", ".join(f"{name} = {hour.format(name)}" for name in columns)


def upgrade() -> None:
    for table, columns in TIMES.items():
        op.execute(f"UPDATE {table} SET {_in_hours(columns)}")  # noqa: S608 - our own words
    op.execute(
        f"UPDATE outbox_mail SET {_in_hours(FINISHED)} "  # noqa: S608 - our own words
        "WHERE state IN ('sent', 'failed')"
    )


def downgrade() -> None:
    """Leave them: nobody knows the moments any more, and an hour is a moment too."""
