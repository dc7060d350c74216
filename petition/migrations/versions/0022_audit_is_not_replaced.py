"""SQLite's INSERT OR REPLACE deletes without asking the triggers on deletes: these see it come."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TRIGGERS = {
    "audit_entry_is_not_replaced": """
BEFORE INSERT ON audit_entry WHEN EXISTS (SELECT 1 FROM audit_entry WHERE number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'audit_entry_never_changes');
END
""",
    # A head that is there already is left as it is, as ON CONFLICT DO NOTHING wants it.
    "audit_head_is_not_replaced": """
BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head WHERE id = NEW.id)
BEGIN
    SELECT RAISE(IGNORE);
END
""",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, when in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {when}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
