"""Triggers: whom a version of a letter can go to never changes once somebody wrote from it."""

from alembic import op

WRITTEN = """
SELECT 1 FROM letter_text JOIN letter ON letter.text_id = letter_text.id
    AND letter.letter_campaign_id = letter_text.letter_campaign_id
WHERE letter_text.version_id = {version}
"""
POSTGRESQL = f"""
CREATE FUNCTION refuse_to_readdress_written_version(version BIGINT) RETURNS void LANGUAGE plpgsql
AS $$ BEGIN
    PERFORM 1 FROM letter_text WHERE version_id = version FOR UPDATE;
    IF FOUND AND EXISTS ({WRITTEN.format(version="version")}) THEN
        RAISE EXCEPTION 'written_recipients_never_change' USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE FUNCTION refuse_to_change_written_recipients() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM refuse_to_readdress_written_version(OLD.version_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM refuse_to_readdress_written_version(NEW.version_id); END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER written_recipients_never_change
    BEFORE INSERT OR UPDATE OR DELETE ON letter_version_recipient
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_written_recipients();
"""
POSTGRESQL_WITHOUT = """
DROP TRIGGER written_recipients_never_change ON letter_version_recipient;
DROP FUNCTION refuse_to_change_written_recipients();
DROP FUNCTION refuse_to_readdress_written_version(BIGINT);
"""
SQLITE = """
CREATE TRIGGER written_recipients_never_change_by_{verb} BEFORE {verb} ON letter_version_recipient
WHEN {written}
BEGIN
    SELECT RAISE(ABORT, 'written_recipients_never_change');
END
"""
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def guard_recipients() -> None:
    """Make the triggers, in the dialect in use."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for verb, rows in ROWS.items():
        written = [f"EXISTS ({WRITTEN.format(version=f'{row}.version_id')})" for row in rows]
        op.execute(SQLITE.format(verb=verb, written=" OR ".join(written)))


def leave_recipients_unguarded() -> None:
    """Take the triggers away, in the dialect in use."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_WITHOUT)
        return
    for verb in ROWS:
        op.execute(f"DROP TRIGGER written_recipients_never_change_by_{verb}")
