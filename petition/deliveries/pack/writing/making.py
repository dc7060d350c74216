"""How a worker makes a pack."""

from array import array
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select
from sqlalchemy.orm import joinedload

from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.log import log
from petition.core.storage.database import session
from petition.core.storage.long_reads import one_snapshot
from petition.core.version import VERSION
from petition.deliveries.models import Delivery
from petition.deliveries.pack import held
from petition.deliveries.pack.actions import PACK, finish
from petition.deliveries.pack.keys import signing_key
from petition.deliveries.pack.manifest import Manifest, PackedPetition, PackedRecipient
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.packing import Contents, Pieces, pack
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.rows import PackRows, end_of_days, how_many
from petition.deliveries.pack.writing.about import Site, about
from petition.deliveries.pack.writing.figures import figures
from petition.deliveries.pack.writing.names import REASONS
from petition.deliveries.pack.writing.papers import Papers
from petition.deliveries.pack.writing.reasons import reasons, there_are_reasons
from petition.deliveries.pack.writing.tables import TABLE, WORKBOOK, table, workbook
from petition.jobs.work import Kinds, Step, Whole
from petition.recipients.models import Recipient

READINGS = {Tier.COUNTS: 4, Tier.NAMES: 8}
"""How often all rows are read: for each file of rows twice, to measure it and to write it."""
SOFTWARE = f"petition {VERSION}"


class PackWork:
    """A pack that is being made."""

    def __init__(self, job_id: int, *, keep: timedelta, site: Site) -> None:
        its = select(DeliveryPack).where(DeliveryPack.job_id == job_id)
        with_delivery = joinedload(DeliveryPack.delivery).joinedload(Delivery.petition)
        self._pack = session.scalars(its.options(with_delivery)).one()
        self._key = signing_key()
        self._about = about(self._pack, site, self._key.public)
        self._petition, self._recipient = _of_the_manifest(self._pack.delivery)
        self._manifest: Manifest | None = None
        self._unreadable = 0
        self._held = array("q")
        self.steps = READINGS[self._pack.tier] * how_many(self._pack.delivery)
        self.keep = keep

    def run(self) -> Iterator[Step]:
        """Read the rows, each time the same ones, and write the pack; each is a step."""
        at = now()
        with one_snapshot() as connection:
            rows = PackRows(connection, self._pack.delivery, self._pack.tier)
            contents = self._contents(connection, rows, at)
            for piece in pack(contents, self._key, at, signed=self._take):
                yield Step(rows.read, piece)
            self._unreadable, self._held = rows.unreadable, rows.held

    def finish(self, made: Whole, at: datetime) -> None:
        """Record the root and the sum, and that the delivery is packed."""
        assert self._manifest is not None
        if self._unreadable:
            fields = {"pack": self._pack.id, "rows": self._unreadable}
            log.error("rows of a pack do not open", extra={"fields": fields})
        held.keep(self._pack.id, self._held)
        finish(self._pack, self._manifest, self._key.public, made, at)

    def _take(self, manifest: Manifest) -> None:
        self._manifest = manifest

    def _contents(self, connection: Connection, rows: PackRows, at: datetime) -> Contents:
        cut_off = min(end_of_days(self._pack.delivery), at)
        found = figures(connection, self._pack.delivery.petition_id)
        tables = self._tables(connection, rows, cut_off)
        papers = Papers(self._about, found, rows, cut_off, at, SOFTWARE, tables.keys())
        return Contents(
            petition=self._petition,
            recipient=self._recipient,
            profile=self._pack.profile,
            tier=self._pack.tier,
            cut_off=cut_off,
            software=SOFTWARE,
            records=rows.records,
            texts=rows.texts,
            files=tables,
            secret=self._pack.secret,
            papers=papers.of,
        )

    def _tables(
        self, connection: Connection, rows: PackRows, cut_off: datetime
    ) -> dict[str, Pieces]:
        """Return the tables; those with words of people are left out where no names are to be."""
        tables: dict[str, Pieces] = {TABLE: lambda: table(rows.records(), has_names=rows.has_names)}
        if rows.has_names:
            paper = self._about.paper
            tables[WORKBOOK] = lambda: workbook(rows.records(), cut_off, paper)
            which = (connection, self._pack.delivery.petition_id, end_of_days(self._pack.delivery))
            if there_are_reasons(*which):
                tables[REASONS] = partial(reasons, *which)
        return tables


def _of_the_manifest(delivery: Delivery) -> tuple[PackedPetition, PackedRecipient]:
    """Return what a manifest says of a delivery's petition and its office, in English."""
    petition, language = delivery.petition, LANGUAGES[0]
    title, office = petition.version.text_in(language).title, delivery.office_in(language)
    slug = session.get_one(Recipient, delivery.recipient_id).slug
    recipient = PackedRecipient(slug, office, delivery.jurisdiction)
    return PackedPetition(petition.slug, title), recipient


def kinds(keep: timedelta, site: Site) -> Kinds:
    """Return the jobs of packs, whose files are kept for so long and are checked on this site."""
    return {PACK: partial(PackWork, keep=keep, site=site)}
