"""How letters stand is counted by a tally: each change is an entry, which the database writes.

A letter of which nobody was mailed says so itself, or no entry could be made of it.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

FIGURES = (
    *("unmailed", "awaiting", "on_hold", "queued", "sent", "bounced", "failed", "unknown"),
    *("stopped", "sent_elsewhere", "answer_yes", "answer_automatic", "answer_no"),
    *("template", "partly", "clearly"),
)
OF_A_LETTER = (
    """CASE WHEN {row}.unmailed THEN 'unmailed'
            WHEN {row}.state = 'queued' AND {row}.on_hold THEN 'on_hold'
            WHEN {row}.state = 'sending' THEN 'queued' ELSE {row}.state END""",
    "'answer_' || {row}.answer",
    """CASE WHEN {row}.state = 'awaiting' THEN NULL WHEN {row}.own_share < 3 THEN 'template'
            WHEN {row}.own_share < 30 THEN 'partly' ELSE 'clearly' END""",
)
OF_ONE_ELSEWHERE = ("'sent_elsewhere'",)
ROWS = {"letter": OF_A_LETTER, "told_letter": OF_ONE_ELSEWHERE}
SIDES = {"INSERT": {"NEW": 1}, "UPDATE": {"OLD": -1, "NEW": 1}, "DELETE": {"OLD": -1}}
OF = {"INSERT": "", "UPDATE": "OF state, on_hold, unmailed, answer", "DELETE": ""}
VERBS = {"letter": ("INSERT", "UPDATE", "DELETE"), "told_letter": ("INSERT", "DELETE")}
NUMBERS = ["letter_campaign_id", "recipient_id", "state", "on_hold", "answer", "own_share"]
UNMAILED = """
ALTER TABLE letter ADD COLUMN unmailed BOOLEAN DEFAULT {false} NOT NULL
CONSTRAINT ck_letter_unmailed_waits CHECK (NOT unmailed OR (on_hold AND state = 'awaiting'))
"""
FILL_UNMAILED = """
UPDATE letter SET unmailed = {true} WHERE on_hold AND state = 'awaiting'
AND NOT EXISTS (SELECT 1 FROM mailed_link WHERE mailed_link.letter_id = letter.id)
"""


def _changes(table: str, row: str, change: int, source: str = "") -> str:
    """Return what selects each figure of a row that it counts in, as a change of it."""
    return " UNION ALL ".join(
        f"SELECT {row}.letter_campaign_id AS campaign, {row}.recipient_id AS office, "
        f"{figure.format(row=row)} AS figure, {change} AS change {source}"
        for figure in ROWS[table]
    )


def _sums(into: str, column: str, changes: list[str]) -> str:
    return (
        f"INSERT INTO {into} (letter_campaign_id, recipient_id, figure, {column}) "  # noqa: S608
        f"SELECT campaign, office, figure, sum(change) FROM ({' UNION ALL '.join(changes)}) AS one "
        "WHERE figure IS NOT NULL GROUP BY campaign, office, figure HAVING sum(change) <> 0"
    )


def _entries(table: str, verb: str) -> str:
    changes = [_changes(table, row, change) for row, change in SIDES[verb].items()]
    return _sums("letter_tally_entry", "change", changes)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(UNMAILED.format(false="0" if is_sqlite else "false"))
    op.execute(FILL_UNMAILED.format(true="1" if is_sqlite else "true"))
    op.drop_index("ix_letter_numbers", table_name="letter")
    op.create_index("ix_letter_numbers", "letter", [*NUMBERS[:4], "unmailed", *NUMBERS[4:]])
    _make_tables()
    for table, verbs in VERBS.items():
        for verb in verbs:
            (_count_in_sqlite if is_sqlite else _count_in_postgresql)(table, verb)
    counted = [_changes(table, table, 1, f"FROM {table}") for table in ROWS]
    op.execute(_sums("letter_tally", "count", counted))


def _make_tables() -> None:
    for table in ("letter_tally_entry", "letter_tally"):
        is_total = table == "letter_tally"
        key = ["letter_campaign_id", "recipient_id", "figure"]
        rule = ("count >= 0", "not_negative") if is_total else ("change IN (-1, 1)", "one_at_a_time")
        figure = sa.Enum(
            *FIGURES, name="letter_figure", native_enum=False, create_constraint=True, length=20
        )
        op.create_table(
            table,
            *([] if is_total else [sa.Column("id", big_id, sa.Identity(always=False))]),
            sa.Column("letter_campaign_id", big_id, nullable=False),
            sa.Column("recipient_id", big_id, nullable=False),
            sa.Column("figure", figure, nullable=False),
            sa.Column("count" if is_total else "change", sa.Integer(), nullable=False),
            sa.CheckConstraint(rule[0], name=op.f(f"ck_{table}_{rule[1]}")),
            sa.ForeignKeyConstraint(
                ["letter_campaign_id"],
                ["letter_campaign.id"],
                name=op.f(f"fk_{table}_letter_campaign_id_letter_campaign"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint(*(key if is_total else ["id"]), name=op.f(f"pk_{table}")),
        )


def _count_in_sqlite(table: str, verb: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_is_counted_by_{verb.lower()} AFTER {verb} {OF[verb]} ON {table} "
        f"BEGIN {_entries(table, verb)}; END"
    )


def _count_in_postgresql(table: str, verb: str) -> None:
    name = f"{table}_is_counted_by_{verb.lower()}"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {_entries(table, verb)}; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} AFTER {verb} {OF[verb]} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, verbs in VERBS.items():
        for verb in verbs:
            name = f"{table}_is_counted_by_{verb.lower()}"
            op.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP FUNCTION {name} CASCADE")
    op.drop_table("letter_tally")
    op.drop_table("letter_tally_entry")
    op.drop_index("ix_letter_numbers", table_name="letter")
    op.drop_column("letter", "unmailed")
    op.create_index("ix_letter_numbers", "letter", NUMBERS)
