"""Triggers: a letter's state changes only along its ways, and every change is noted."""

from alembic import op

WAYS = (
    *("awaiting>queued", "queued>sending", "queued>stopped", "stopped>queued"),
    *("sending>queued", "sending>sent", "sending>failed", "sending>unknown"),
    *("unknown>queued", "unknown>sent", "unknown>bounced", "unknown>stopped"),
    *("sent>bounced", "failed>queued"),
)
_LAWFUL = ", ".join(f"'{way}'" for way in WAYS)
POSTGRESQL = f"""
CREATE FUNCTION letter_goes_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'awaiting' THEN
            RAISE EXCEPTION 'letter_goes_its_way' USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO letter_transition (letter_id, before, after, at, organiser_id)
        VALUES (NEW.id, 'drafted', NEW.state, NEW.changed_at, NEW.changed_by);
    ELSIF OLD.state <> NEW.state THEN
        IF OLD.state || '>' || NEW.state NOT IN ({_LAWFUL}) THEN
            RAISE EXCEPTION 'letter_goes_its_way' USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO letter_transition (letter_id, before, after, at, organiser_id)
        VALUES (NEW.id, OLD.state, NEW.state, NEW.changed_at, NEW.changed_by);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER letter_goes_its_way AFTER INSERT OR UPDATE OF state ON letter
    FOR EACH ROW EXECUTE FUNCTION letter_goes_its_way();

CREATE FUNCTION refuse_to_change_written_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM letter_text WHERE id = OLD.id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM letter WHERE text_id = OLD.id) THEN
        RAISE EXCEPTION 'written_text_never_changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER written_text_never_changes BEFORE UPDATE OR DELETE ON letter_text
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_written_text();
"""  # noqa: S608 - the words put in are our own, above
SQLITE = (
    f"""
CREATE TRIGGER letter_goes_its_way BEFORE UPDATE OF state ON letter
WHEN OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ({_LAWFUL})
BEGIN
    SELECT RAISE(ABORT, 'letter_goes_its_way');
END
""",
    """
CREATE TRIGGER letter_begins_its_way BEFORE INSERT ON letter WHEN NEW.state <> 'awaiting'
BEGIN
    SELECT RAISE(ABORT, 'letter_goes_its_way');
END
""",
    """
CREATE TRIGGER letter_way_is_noted AFTER UPDATE OF state ON letter WHEN OLD.state <> NEW.state
BEGIN
    INSERT INTO letter_transition (letter_id, before, after, at, organiser_id)
    VALUES (NEW.id, OLD.state, NEW.state, NEW.changed_at, NEW.changed_by);
END
""",
    """
CREATE TRIGGER letter_beginning_is_noted AFTER INSERT ON letter
BEGIN
    INSERT INTO letter_transition (letter_id, before, after, at, organiser_id)
    VALUES (NEW.id, 'drafted', NEW.state, NEW.changed_at, NEW.changed_by);
END
""",
    *(
        f"""
CREATE TRIGGER written_text_never_changes_by_{verb} BEFORE {verb} ON letter_text
WHEN EXISTS (SELECT 1 FROM letter WHERE text_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'written_text_never_changes');
END
"""  # noqa: S608 - the words put in are our own, below
        for verb in ("UPDATE", "DELETE")
    ),
)


def guard_letters() -> None:
    """Make the triggers, in the dialect in use."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for trigger in SQLITE:
        op.execute(trigger)
