"""The words of a retraction may be removed too: they may name somebody as any others may."""

from alembic import op

from petition.migrations.frozen.delivery_guards import EMPTIED, POSTGRESQL, SQLITE

revision = "0043"
down_revision = "0038"
branch_labels = None
depends_on = None

EMPTIED_NOW = """(
    OLD.emptied_at IS NULL AND NEW.emptied_at IS NOT NULL AND (
        OLD.kind = 'retracted' OR EXISTS (
            SELECT 1 FROM delivery_step AS later
            WHERE later.delivery_id = OLD.delivery_id AND later.retracts = OLD.number
        )
    )
)"""
_NAME = "delivery_step_never_changes"
_FUNCTION = POSTGRESQL[
    POSTGRESQL.index(f"CREATE FUNCTION {_NAME}") : POSTGRESQL.index(f"CREATE TRIGGER {_NAME}")
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_TRIGGER = next(trigger for trigger in SQLITE if f"CREATE TRIGGER {_NAME} " in trigger)


def upgrade() -> None:
    _guard(EMPTIED_NOW)


def downgrade() -> None:
    _guard(EMPTIED)


def _guard(emptied: str) -> None:
    """Let steps change as this says, and in no other way but those of before."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION.replace(EMPTIED, emptied))
        return
    op.execute(f"DROP TRIGGER {_NAME}")
    op.execute(_TRIGGER.replace(EMPTIED, emptied))
