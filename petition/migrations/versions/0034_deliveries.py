"""Deliveries, and the steps of each: planned, packed, handed over, answered, closed."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc
from petition.migrations.frozen.delivery_guards import guard_deliveries, leave_deliveries_unguarded

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KINDS = ("planned", "packed", "handed_over", "answered", "closed", "retracted")
RULES = {
    "hand_over_says_what_and_where": (
        "kind <> 'handed_over' OR (signature_count > 0 AND (emptied_at IS NOT NULL OR "
        "(place IS NOT NULL AND to_whom IS NOT NULL AND by_whom IS NOT NULL)))"
    ),
    "only_a_hand_over_says_where": (
        "kind = 'handed_over' OR (signature_count IS NULL AND place IS NULL "
        "AND to_whom IS NULL AND by_whom IS NULL)"
    ),
    "said_in_words": (
        "kind NOT IN ('answered', 'retracted') OR words IS NOT NULL OR emptied_at IS NOT NULL"
    ),
    "emptied_says_nothing": (
        "emptied_at IS NULL OR COALESCE(place, to_whom, by_whom, words, source_url) IS NULL "
        "AND note_box IS NULL"
    ),
    "public_in_a_language": "(kind IN ('planned', 'packed')) = (language IS NULL)",
    "words_are_public": "words IS NULL OR language IS NOT NULL",
    "only_answers_have_sources": "source_url IS NULL OR kind = 'answered'",
    "retraction_names_its_step": "(kind = 'retracted') = (retracts IS NOT NULL)",
    "note_has_its_key": "(note_box IS NULL) = (note_key IS NULL)",
    "day_is_of_our_time": "kind = 'planned' OR day >= '2000-01-01'",
}


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("office", sa.JSON(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.Column("counted_until", sa.Date(), nullable=False),
        sa.Column("answer_days", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "answer_days BETWEEN 1 AND 365",
            name=op.f("ck_delivery_answer_is_awaited_for_some_days"),
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_delivery_petition_id_petition")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_delivery_recipient_id_recipient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_petition_id"), "delivery", ["petition_id"])
    _make_steps()
    guard_deliveries()


def _make_steps() -> None:
    op.create_table(
        "delivery_step",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", big_id, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_at", utc, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("signature_count", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("to_whom", sa.String(length=200), nullable=True),
        sa.Column("by_whom", sa.String(length=200), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("source_url", sa.String(length=500), nullable=True),
        sa.Column("retracts", sa.SmallInteger(), nullable=True),
        sa.Column("note_box", sa.LargeBinary(), nullable=True),
        sa.Column("note_key", sa.String(length=8), nullable=True),
        sa.Column("emptied_at", utc, nullable=True),
        sa.CheckConstraint(
            sa.column("kind").in_(KINDS), name=op.f("ck_delivery_step_delivery_step_kind")
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_delivery_step_{name}"))
            for name, rule in RULES.items()
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_step_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_delivery_step_organiser_id_organiser")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_step")),
        sa.UniqueConstraint("delivery_id", "number", name="steps_are_numbered"),
    )


def downgrade() -> None:
    op.drop_table("delivery_step")
    op.drop_table("delivery")
    leave_deliveries_unguarded()
