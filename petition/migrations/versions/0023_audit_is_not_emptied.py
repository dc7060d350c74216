"""PostgreSQL's TRUNCATE empties a table without asking the triggers on rows: these see it come."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

GUARDS = {"audit_entry": "audit_entry_never_changes", "audit_head": "audit_head_moves_on"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, function in GUARDS.items():
            op.execute(
                f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDS:
            op.execute(f"DROP TRIGGER {table}_is_not_emptied ON {table}")
