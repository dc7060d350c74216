"""Triggers: deliveries and their steps never change, and steps follow only along their ways.

But the words of a step that was taken back may be removed, and a note be sealed anew.
"""

from alembic import op

WAYS = (
    *(">planned", "planned>packed", "planned>handed_over", "planned>closed"),
    *("packed>handed_over", "packed>closed", "handed_over>answered", "handed_over>closed"),
    *("answered>answered", "answered>closed"),
)
_LAWFUL = ", ".join(f"'{way}'" for way in WAYS)
_LAST = """(
    SELECT step.{column} FROM delivery_step AS step
    WHERE step.delivery_id = NEW.delivery_id AND step.kind <> 'retracted' AND NOT EXISTS (
        SELECT 1 FROM delivery_step AS later
        WHERE later.delivery_id = step.delivery_id AND later.retracts = step.number
    )
    ORDER BY step.number DESC LIMIT 1
)"""
_KIND, _NUMBER = (_LAST.format(column=column) for column in ("kind", "number"))
UNLAWFUL = f"""
NEW.emptied_at IS NOT NULL OR NEW.number <> (
    SELECT COALESCE(max(number), 0) + 1 FROM delivery_step WHERE delivery_id = NEW.delivery_id
) OR CASE NEW.kind
    WHEN 'retracted' THEN COALESCE({_NUMBER} <> NEW.retracts OR {_KIND} = 'planned', TRUE)
    ELSE COALESCE({_KIND}, '') || '>' || NEW.kind NOT IN ({_LAWFUL})
END
"""  # noqa: S608 - the words put in are our own, above
OF_A_SAMPLE = """EXISTS (
    SELECT 1 FROM delivery JOIN petition ON petition.id = delivery.petition_id
        JOIN campaign ON campaign.id = petition.campaign_id
    WHERE delivery.id = OLD.delivery_id AND campaign.is_sample
)"""
"""What was tried in a sample campaign goes with it."""
EMPTIED = """(
    OLD.emptied_at IS NULL AND NEW.emptied_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM delivery_step AS later
        WHERE later.delivery_id = OLD.delivery_id AND later.retracts = OLD.number
    )
)"""
"""A rule of the table holds that nothing is left of its words."""
WORDS = ("place", "to_whom", "by_whom", "words", "source_url", "note_box", "note_key")
_WORDS_AND_WHEN = "ARRAY['" + "', '".join((*WORDS, "emptied_at")) + "']"
POSTGRESQL = f"""
CREATE FUNCTION delivery_goes_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ({UNLAWFUL}) THEN
        RAISE EXCEPTION 'delivery_goes_its_way' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_goes_its_way BEFORE INSERT ON delivery_step
    FOR EACH ROW EXECUTE FUNCTION delivery_goes_its_way();

CREATE FUNCTION delivery_step_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {OF_A_SAMPLE} THEN
            RETURN OLD;
        END IF;
    ELSIF NEW.note_box IS NOT NULL AND OLD.note_box IS NOT NULL
        AND NEW.note_key IS DISTINCT FROM OLD.note_key
        AND to_jsonb(NEW) - 'note_box' - 'note_key' = to_jsonb(OLD) - 'note_box' - 'note_key' THEN
        RETURN NEW;
    ELSIF {EMPTIED} AND to_jsonb(NEW) - {_WORDS_AND_WHEN} = to_jsonb(OLD) - {_WORDS_AND_WHEN} THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'delivery_step_never_changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER delivery_step_never_changes BEFORE UPDATE OR DELETE ON delivery_step
    FOR EACH ROW EXECUTE FUNCTION delivery_step_never_changes();

CREATE FUNCTION delivery_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'delivery_never_changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER delivery_never_changes BEFORE UPDATE ON delivery
    FOR EACH ROW EXECUTE FUNCTION delivery_never_changes();
"""
FUNCTIONS = ("delivery_goes_its_way", "delivery_step_never_changes", "delivery_never_changes")
_STAYS = (
    *("id", "delivery_id", "number", "kind", "day", "recorded_at", "organiser_id"),
    *("signature_count", "language", "retracts"),
)
_ALL_BUT_THE_NOTE = (*_STAYS, *WORDS[:-2], "emptied_at")


def _same(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)


SQLITE = (
    f"""
CREATE TRIGGER delivery_goes_its_way BEFORE INSERT ON delivery_step WHEN {UNLAWFUL}
BEGIN
    SELECT RAISE(ABORT, 'delivery_goes_its_way');
END
""",
    f"""
CREATE TRIGGER delivery_step_never_changes BEFORE UPDATE ON delivery_step
WHEN NOT (
    NEW.note_box IS NOT NULL AND OLD.note_box IS NOT NULL AND NEW.note_key IS NOT OLD.note_key
    AND {_same(_ALL_BUT_THE_NOTE)}
    OR {EMPTIED} AND {_same(_STAYS)}
)
BEGIN
    SELECT RAISE(ABORT, 'delivery_step_never_changes');
END
""",
    f"""
CREATE TRIGGER delivery_step_never_goes BEFORE DELETE ON delivery_step WHEN NOT {OF_A_SAMPLE}
BEGIN
    SELECT RAISE(ABORT, 'delivery_step_never_changes');
END
""",
    """
CREATE TRIGGER delivery_never_changes BEFORE UPDATE ON delivery
BEGIN
    SELECT RAISE(ABORT, 'delivery_never_changes');
END
""",
)


def guard_deliveries() -> None:
    """Make the triggers, in the dialect in use."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for trigger in SQLITE:
        op.execute(trigger)


def leave_deliveries_unguarded() -> None:
    """Take the functions away whose triggers have gone with their tables."""
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
