"""How a worker makes a pack."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.log import log
from petition.core.storage.database import session
from petition.core.storage.long_reads import one_snapshot
from petition.deliveries.models import Delivery
from petition.deliveries.pack.actions import PACK, finish
from petition.deliveries.pack.keys import signing_key
from petition.deliveries.pack.manifest import Manifest, PackedPetition, PackedRecipient, Profile
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.packing import Contents, Pieces, pack
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.rows import PackRows, end_of_days, how_many
from petition.deliveries.pack.writing.counts import COUNTS, counts
from petition.deliveries.pack.writing.tables import TABLE, WORKBOOK, table, workbook
from petition.jobs.work import Kinds, Step, Whole
from petition.recipients.models import Recipient

READINGS = {Tier.COUNTS: 4, Tier.NAMES: 6}
"""How often all rows are read: for each file of rows twice, to measure it and to write it."""
SOFTWARE = "petition"


class PackWork:
    """A pack that is being made."""

    def __init__(self, job_id: int, *, keep: timedelta) -> None:
        its = select(DeliveryPack).where(DeliveryPack.job_id == job_id)
        with_delivery = joinedload(DeliveryPack.delivery).joinedload(Delivery.petition)
        self._pack = session.scalars(its.options(with_delivery)).one()
        self._about = _about(self._pack.delivery)
        self._key = signing_key()
        self._manifest: Manifest | None = None
        self._unreadable = 0
        self.steps = READINGS[self._pack.tier] * how_many(self._pack.delivery)
        self.keep = keep

    def run(self) -> Iterator[Step]:
        """Read the rows, each time the same ones, and write the pack; each is a step."""
        at = now()
        with one_snapshot() as connection:
            rows = PackRows(connection, self._pack.delivery, self._pack.tier)
            contents = self._contents(rows, at)
            for piece in pack(contents, self._key, at, signed=self._take):
                yield Step(rows.read, piece)
            self._unreadable = rows.unreadable

    def finish(self, made: Whole, at: datetime) -> None:
        """Record the root and the sum, and that the delivery is packed."""
        assert self._manifest is not None
        if self._unreadable:
            fields = {"pack": self._pack.id, "rows": self._unreadable}
            log.error("rows of a pack do not open", extra={"fields": fields})
        finish(self._pack, self._manifest, self._key.public, made, at)

    def _take(self, manifest: Manifest) -> None:
        self._manifest = manifest

    def _contents(self, rows: PackRows, at: datetime) -> Contents:
        petition, recipient = self._about
        cut_off = min(end_of_days(self._pack.delivery), at)
        return Contents(
            petition=petition,
            recipient=recipient,
            profile=Profile.MINISTER,
            tier=self._pack.tier,
            cut_off=cut_off,
            software=SOFTWARE,
            records=rows.records,
            texts=rows.texts,
            files=self._tables(rows, cut_off),
            secret=self._pack.secret,
            papers=lambda counted: {COUNTS: partial(counts, counted, dict(rows.areas))},
        )

    def _tables(self, rows: PackRows, cut_off: datetime) -> dict[str, Pieces]:
        lines: dict[str, Pieces] = {TABLE: lambda: table(rows.records(), has_names=rows.has_names)}
        if rows.has_names:
            lines[WORKBOOK] = lambda: workbook(rows.records(), cut_off)
        return lines


def _about(delivery: Delivery) -> tuple[PackedPetition, PackedRecipient]:
    """Return what a pack says of a delivery's petition and its office, in English."""
    petition, language = delivery.petition, LANGUAGES[0]
    title, office = petition.version.text_in(language).title, delivery.office_in(language)
    slug = session.get_one(Recipient, delivery.recipient_id).slug
    recipient = PackedRecipient(slug, office, delivery.jurisdiction)
    return PackedPetition(petition.slug, title), recipient


def kinds(keep: timedelta) -> Kinds:
    """Return the jobs of packs, whose files are kept for so long."""
    return {PACK: partial(PackWork, keep=keep)}
