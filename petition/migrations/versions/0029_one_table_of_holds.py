"""Why a letter waits is noted as it is of a signature, and so is who lets it go on."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")
FROM_REVIEWS = """
INSERT INTO hold (signature_id, cause, opened_at, closed_at, closed_by, accepted)
SELECT signature_id, cause, opened_at, closed_at, closed_by, accepted FROM review
"""
HELD = """
INSERT INTO hold (letter_id, cause, opened_at)
SELECT id,
       CASE WHEN state = 'awaiting'
                 AND NOT EXISTS (SELECT 1 FROM mailed_link WHERE letter_id = letter.id)
            THEN 'program' ELSE 'unnoted' END,
       COALESCE(confirmed_at, created_at)
FROM letter WHERE on_hold
"""
STOPPED = """
UPDATE hold SET accepted = {false},
    closed_at = (SELECT changed_at FROM letter WHERE letter.id = hold.letter_id),
    closed_by = (SELECT changed_by FROM letter WHERE letter.id = hold.letter_id)
WHERE letter_id IN (SELECT id FROM letter WHERE state = 'stopped' AND changed_by IS NOT NULL)
"""
"""What an organiser has stopped while it was on hold was decided by that."""
RELEASED = """
INSERT INTO hold (letter_id, cause, opened_at, closed_at, closed_by, accepted)
SELECT letter.id, CASE WHEN after = 'awaiting' THEN 'program' ELSE 'unnoted' END,
       CASE WHEN after = 'awaiting' THEN created_at ELSE COALESCE(confirmed_at, created_at) END,
       at, organiser_id, {true}
FROM letter_transition JOIN letter ON letter.id = letter_transition.letter_id
WHERE before = after AND organiser_id IS NOT NULL
"""
"""Who let a letter go on stood among the changes of its state, as one from a state to itself."""
TO_REVIEWS = """
INSERT INTO review (signature_id, cause, opened_at, closed_at, closed_by, accepted)
SELECT signature_id, cause, opened_at, closed_at, closed_by, accepted
FROM hold WHERE signature_id IS NOT NULL
"""
TO_TRANSITIONS = """
INSERT INTO letter_transition (letter_id, before, after, at, organiser_id)
SELECT letter_id, {state}, {state}, closed_at, closed_by FROM hold
WHERE letter_id IS NOT NULL AND accepted
""".format(state="CASE WHEN cause = 'program' THEN 'awaiting' ELSE 'queued' END")


def _cause(*causes: str) -> sa.Enum:
    return sa.Enum(
        *causes, name="hold_cause", native_enum=False, create_constraint=True, length=20
    )


def upgrade() -> None:
    _make_holds()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(FROM_REVIEWS)
    op.execute(HELD)
    op.execute(STOPPED.format(false="0" if is_sqlite else "false"))
    op.execute(RELEASED.format(true="1" if is_sqlite else "true"))
    op.execute("DELETE FROM letter_transition WHERE before = after")
    op.drop_table("review")


def _make_holds() -> None:
    op.create_table(
        "hold",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("signature_id", big_id, nullable=True),
        sa.Column("letter_id", big_id, nullable=True),
        sa.Column(
            "cause",
            _cause(
                *("honeypot", "too_fast", "program", "network", "mail_domain"),
                *("alike", "restored", "unnoted"),
            ),
            nullable=False,
        ),
        sa.Column("opened_at", utc, nullable=False),
        sa.Column("closed_at", utc, nullable=True),
        sa.Column("closed_by", big_id, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(signature_id IS NULL) <> (letter_id IS NULL)",
            name=op.f("ck_hold_holds_one_thing"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (accepted IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_hold_closed_with_a_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signature.id"],
            name=op.f("fk_hold_signature_id_signature"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_hold_letter_id_letter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["organiser.id"], name=op.f("fk_hold_closed_by_organiser")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    for kind in ("signature", "letter"):
        op.create_index(op.f(f"ix_hold_{kind}_id"), "hold", [f"{kind}_id"])
        op.create_index(
            f"one_open_hold_for_each_{kind}",
            "hold",
            [f"{kind}_id"],
            unique=True,
            postgresql_where=OPEN,
            sqlite_where=OPEN,
        )


def downgrade() -> None:
    op.create_table(
        "review",
        sa.Column("signature_id", big_id, nullable=False),
        sa.Column(
            "cause", _cause("honeypot", "too_fast", "network", "mail_domain"), nullable=False
        ),
        sa.Column("opened_at", utc, nullable=False),
        sa.Column("closed_at", utc, nullable=True),
        sa.Column("closed_by", big_id, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (accepted IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_review_closed_with_a_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["organiser.id"], name=op.f("fk_review_closed_by_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signature.id"],
            name=op.f("fk_review_signature_id_signature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("signature_id", name=op.f("pk_review")),
    )
    op.execute(TO_REVIEWS)
    op.execute(TO_TRANSITIONS)
    op.drop_table("hold")
