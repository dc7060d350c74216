"""Triggers: no entry of the audit log is changed or deleted, and its head only moves on."""

from alembic import op

POSTGRESQL = """
CREATE FUNCTION audit_entry_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.about IS DISTINCT FROM OLD.about AND NEW.about_key IS DISTINCT FROM OLD.about_key
            AND NEW.about IS NOT NULL AND OLD.about IS NOT NULL
            AND to_jsonb(NEW) - 'about' - 'about_key' = to_jsonb(OLD) - 'about' - 'about_key' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit_entry_never_changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_never_changes();

CREATE FUNCTION audit_head_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.number >= OLD.number THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit_head_moves_on' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER audit_head_moves_on BEFORE UPDATE OR DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_moves_on();
"""
SAME = " AND ".join(
    f"NEW.{column} IS OLD.{column}"
    for column in ("number", "at", "act", "actor", "organiser_id", "content_tag", "chain_tag")
)
SQLITE = (
    f"""
CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON audit_entry
WHEN NOT (
    NEW.about IS NOT OLD.about AND NEW.about_key IS NOT OLD.about_key
    AND NEW.about IS NOT NULL AND OLD.about IS NOT NULL AND {SAME}
)
BEGIN
    SELECT RAISE(ABORT, 'audit_entry_never_changes');
END
""",
    """
CREATE TRIGGER audit_entry_never_goes BEFORE DELETE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'audit_entry_never_changes');
END
""",
    """
CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head WHEN NEW.number < OLD.number
BEGIN
    SELECT RAISE(ABORT, 'audit_head_moves_on');
END
""",
    """
CREATE TRIGGER audit_head_never_goes BEFORE DELETE ON audit_head
BEGIN
    SELECT RAISE(ABORT, 'audit_head_moves_on');
END
""",
)
FUNCTIONS = ("audit_entry_never_changes", "audit_head_moves_on")


def guard_audit() -> None:
    """Make the triggers, in the dialect in use."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for trigger in SQLITE:
        op.execute(trigger)


def leave_audit_unguarded() -> None:
    """Take the functions away whose triggers have gone with their tables."""
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
