"""Removing the sample campaign, with everything that people did in it.

No other campaign is ever removed: what people signed stays to be read.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, Table, cast, delete, exists, func, or_, select, update

from petition.audit.acts import Act
from petition.audit.models import AuditEntry
from petition.campaigns.models import Campaign
from petition.core.storage.database import Base, rows_of, session
from petition.exports.models import Export, ExportPetition
from petition.gaps.models import Gap
from petition.letters.campaigns.models import LetterCampaign
from petition.letters.letter.models import Letter
from petition.outbox.models import OutboxMail
from petition.outbox.origins import LETTER, SIGNATURE
from petition.petitions.models import Petition
from petition.publishing.owners import writing_campaigns
from petition.recipients.models import Area, Recipient
from petition.signatures.models import Signature

NOT_ITS_OWN = {"gap", "recipient", "organiser", "own_preset"}
"""What is named by many: a row that names one does not belong to it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What people have done in a campaign."""

    slug: str
    signatures: int
    letters: int


def sample_campaign(*, to_change: bool = False) -> Campaign | None:
    """Return the campaign that is marked as a sample, if any; locked until the end `to_change`."""
    found = select(Campaign).where(Campaign.is_sample).order_by(Campaign.id).limit(1)
    return session.scalar(found.with_for_update() if to_change else found)


def sample_was_removed() -> bool:
    """Whether a sample campaign was here once, and somebody has removed it for good."""
    removed = exists().where(AuditEntry.act == Act.SAMPLE_REMOVED)
    return bool(session.scalar(select(removed)))


def contents_of(sample: Campaign) -> Contents:
    """Return how much would go with a sample campaign."""
    signatures, letters = (
        session.scalar(select(func.count()).select_from(table).where(_is_of(table, sample.id))) or 0
        for table in (rows_of(Signature), rows_of(Letter))
    )
    return Contents(sample.slug, signatures, letters)


def remove_sample(sample: Campaign) -> list[str]:
    """Delete a sample campaign and all that is its own, mail that has not left included.

    Its offices and gaps stay where something of another campaign names them, and representatives
    while another campaign has letters. Returns the slugs of those.
    """
    for model in (Petition, LetterCampaign):  # nobody signs or writes meanwhile
        its = select(model.id).where(model.campaign_id == sample.id)
        session.execute(its.with_for_update())
    for kind, table in ((SIGNATURE, rows_of(Signature)), (LETTER, rows_of(Letter))):
        origins = select(f"{kind}:" + cast(table.c.id, String)).where(_is_of(table, sample.id))
        session.execute(delete(OutboxMail).where(OutboxMail.origin.in_(origins)))
    _let_joined_exports_stand_alone(sample)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in {"gap", "recipient", "campaign"} and _parents(table):
            session.execute(delete(table).where(_is_of(table, sample.id)))
    kept = _representatives_of_others(sample)
    for table in (rows_of(Gap), rows_of(Recipient)):
        own = table.c.campaign_id == sample.id
        unused = [~_is_named(table)]
        if table is rows_of(Recipient):
            unused.append(table.c.slug.not_in(kept))
        session.execute(delete(table).where(own, *unused))
        session.execute(update(table).where(own).values(campaign_id=None))
    session.execute(delete(rows_of(Campaign)).where(rows_of(Campaign).c.id == sample.id))
    session.expire_all()
    return kept


def _let_joined_exports_stand_alone(sample: Campaign) -> None:
    """Let exports of other campaigns that held signatures of the sample continue no file.

    Nor can they be continued: they were of more petitions than their records will tell.
    """
    joined = rows_of(ExportPetition).c
    theirs = select(joined.export_id).where(_is_of(rows_of(ExportPetition), sample.id))
    alone = update(rows_of(Export)).where(rows_of(Export).c.id.in_(theirs))
    session.execute(alone.values(since_id=None, numbers_kept=False))


def _representatives_of_others(sample: Campaign) -> list[str]:
    """Return which offices of a sample the letters of other campaigns may go to, by their areas."""
    if not writing_campaigns() - {sample.slug}:
        return []
    has_areas = Recipient.id.in_(select(Area.recipient_id))
    statement = select(Recipient.slug).where(Recipient.campaign_id == sample.id, has_areas)
    return list(session.scalars(statement.order_by(Recipient.slug)))


def _is_named(table: Table) -> ColumnElement[bool]:
    """Return which rows of a table are named by rows that are there for themselves."""
    names = [
        key.parent
        for other in Base.metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table and key.ondelete != "CASCADE"
    ]
    return or_(*(table.c.id.in_(select(name).where(name.is_not(None))) for name in names))


def _parents(table: Table) -> list[tuple[ColumnElement[int], Table, ColumnElement[int]]]:
    """Return through which columns a row belongs to rows of other tables."""
    named = [(key.parent, key.column.table, key.column) for key in table.foreign_keys]
    return [
        (mine, theirs, column)
        for mine, theirs, column in named
        if theirs is not table and theirs.name not in NOT_ITS_OWN and _leads(theirs)
    ]


def _leads(table: Table) -> bool:
    """Whether a table's rows belong to a campaign."""
    return table.name == "campaign" or bool(_parents(table))


def _is_of(table: Table, campaign_id: int) -> ColumnElement[bool]:
    """Return which rows of a table are a campaign's, through whatever they belong to."""
    if table.name == "campaign":
        return table.c.id == campaign_id
    return or_(
        *(
            mine.in_(select(column).where(_is_of(theirs, campaign_id)))
            for mine, theirs, column in _parents(table)
        )
    )
