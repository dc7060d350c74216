"""Gaps, events, reports and partners: what a campaign holds besides its petitions."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# In one statement: a table that SQLite makes anew would take its rows' children with it.
GAP_OF_A_PETITION = """
ALTER TABLE petition ADD COLUMN gap_id {kind} CONSTRAINT fk_petition_gap_id_gap REFERENCES gap (id)
"""


def upgrade() -> None:
    op.create_table('gap',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('multilateral', 'abuse', 'victims', 'ally', 'legal', name='gap_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_gap_numbered_from_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gap')),
    sa.UniqueConstraint('number', name=op.f('uq_gap_number')),
    sa.UniqueConstraint('slug', name=op.f('uq_gap_slug'))
    )
    op.create_table('campaign_gap',
    sa.Column('campaign_id', big_id, nullable=False),
    sa.Column('gap_id', big_id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_gap_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_campaign_gap_gap_id_gap')),
    sa.PrimaryKeyConstraint('campaign_id', 'gap_id', name=op.f('pk_campaign_gap'))
    )
    op.create_table(
        "campaign_day",
        sa.Column("campaign_id", big_id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_day_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "day", name=op.f("pk_campaign_day")),
    )
    op.create_table('event',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('campaign_id', big_id, nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('gap_id', big_id, nullable=True),
    sa.Column('state', sa.Enum('planned', 'moved', 'cancelled', name='event_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('starts_at', utc, nullable=False),
    sa.Column('ends_at', utc, nullable=False),
    sa.Column('moved_from', utc, nullable=True),
    sa.Column('zone_name', sa.String(length=64), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('changed_at', utc, nullable=False),
    sa.Column('host', sa.String(length=200), nullable=False),
    sa.Column('co_hosts', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('captions', sa.Boolean(), nullable=False),
    sa.Column('registration_url', sa.String(length=500), nullable=True),
    sa.Column('join_url', sa.String(length=500), nullable=True),
    sa.Column('recording_url', sa.String(length=500), nullable=True),
    sa.Column('transcript_url', sa.String(length=500), nullable=True),
    sa.CheckConstraint("(state = 'moved') = (moved_from IS NOT NULL)", name=op.f('ck_event_moved_from_somewhen')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_event_ends_after_start')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_event_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_event_gap_id_gap')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('slug', name=op.f('uq_event_slug'))
    )
    op.create_table('gap_ask',
    sa.Column('gap_id', big_id, nullable=False),
    sa.Column('jurisdiction', sa.Enum('US', 'CA', 'GB', 'EU', name='jurisdiction', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_gap_ask_gap_id_gap'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('gap_id', 'jurisdiction', name=op.f('pk_gap_ask'))
    )
    op.create_table('gap_standing',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('gap_id', big_id, nullable=False),
    sa.Column('jurisdiction', sa.Enum('US', 'CA', 'GB', 'EU', name='jurisdiction', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('status', sa.Enum('gap', 'partial', 'acted', 'does_not_apply', name='gap_status', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('source_url', sa.String(length=500), nullable=True),
    sa.Column('because', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_gap_standing_gap_id_gap'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gap_standing')),
    sa.UniqueConstraint('gap_id', 'jurisdiction', 'as_of', name='one_standing_a_day')
    )
    op.create_table('gap_text',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('gap_id', big_id, nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=600), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_gap_text_gap_id_gap'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gap_text')),
    sa.UniqueConstraint('gap_id', 'language', name='one_gap_text_for_each_language')
    )
    op.create_table('partner',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('campaign_id', big_id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.JSON(), nullable=False),
    sa.Column('site', sa.String(length=500), nullable=True),
    sa.Column('country', sa.CHAR(length=2), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_partner_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner')),
    sa.UniqueConstraint('campaign_id', 'position', name='partners_have_their_places')
    )
    op.create_table('report',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('campaign_id', big_id, nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('published_at', utc, nullable=False),
    sa.Column('authors', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_report_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('slug', name=op.f('uq_report_slug'))
    )
    op.create_table('event_text',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('event_id', big_id, nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=600), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('key_points', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_text_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_text')),
    sa.UniqueConstraint('event_id', 'language', name='one_event_text_for_each_language')
    )
    op.create_table('panellist',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('event_id', big_id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.JSON(), nullable=False),
    sa.Column('is_pseudonym', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_panellist_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panellist')),
    sa.UniqueConstraint('event_id', 'position', name='panellists_have_their_places')
    )
    op.create_table('report_brief',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('report_id', big_id, nullable=False),
    sa.Column('jurisdiction', sa.Enum('US', 'CA', 'GB', 'EU', name='jurisdiction', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_brief_report_id_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_brief')),
    sa.UniqueConstraint('report_id', 'jurisdiction', 'language', name='one_brief_for_each')
    )
    op.create_table('report_file',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('report_id', big_id, nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_file_report_id_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_file')),
    sa.UniqueConstraint('report_id', 'name', name='files_of_a_report_have_names')
    )
    op.create_table('report_gap',
    sa.Column('report_id', big_id, nullable=False),
    sa.Column('gap_id', big_id, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['gap_id'], ['gap.id'], name=op.f('fk_report_gap_gap_id_gap')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_gap_report_id_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('report_id', 'gap_id', name=op.f('pk_report_gap'))
    )
    op.create_table('report_text',
    sa.Column('id', big_id, sa.Identity(), nullable=False),
    sa.Column('report_id', big_id, nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.String(length=600), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_text_report_id_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_text')),
    sa.UniqueConstraint('report_id', 'language', name='one_report_text_for_each_language')
    )
    op.execute(GAP_OF_A_PETITION.format(kind=big_id.compile(op.get_bind().dialect)))


def downgrade() -> None:
    raise NotImplementedError("a campaign keeps what it holds")
