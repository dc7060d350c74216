"""How a worker makes a pack."""

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petition.core.clock import now
from petition.core.i18n import LANGUAGES
from petition.core.log import log
from petition.core.storage.database import session
from petition.core.storage.long_reads import one_snapshot
from petition.deliveries.models import Delivery
from petition.deliveries.pack import held
from petition.deliveries.pack.actions import PACK, finish
from petition.deliveries.pack.keys import signing_key
from petition.deliveries.pack.manifest import Manifest, PackedPetition, PackedRecipient, Profile
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.packing import Contents, pack
from petition.deliveries.pack.records import Record
from petition.deliveries.pack.rows import PackRows, end_of_days, how_many
from petition.exports.writing.csv import shielded_cell
from petition.jobs.work import Kinds, Step, Whole
from petition.recipients.models import Recipient

READINGS = 4
"""Both files of rows are read twice: to be measured, and to be written."""
TABLE = "signatures.csv"
COLUMNS = ("number", "name", "country", "language", "version", "week")
CHUNK_ROWS = 1_000
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
        self._held = array("q")
        self.steps = READINGS * how_many(self._pack.delivery)
        self.keep = keep

    def run(self) -> Iterator[Step]:
        """Read the rows, each time the same ones, and write the pack; each is a step."""
        at = now()
        with one_snapshot() as connection:
            rows = PackRows(connection, self._pack.delivery, self._pack.tier)
            contents = self._contents(rows, at)
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

    def _contents(self, rows: PackRows, at: datetime) -> Contents:
        petition, recipient = self._about
        return Contents(
            petition=petition,
            recipient=recipient,
            profile=Profile.MINISTER,
            tier=self._pack.tier,
            cut_off=min(end_of_days(self._pack.delivery), at),
            software=SOFTWARE,
            records=rows.records,
            texts=rows.texts,
            files={TABLE: lambda: table(rows.records(), has_names=rows.has_names)},
            secret=self._pack.secret,
        )


def _about(delivery: Delivery) -> tuple[PackedPetition, PackedRecipient]:
    """Return what a pack says of a delivery's petition and its office, in English."""
    petition, language = delivery.petition, LANGUAGES[0]
    title, office = petition.version.text_in(language).title, delivery.office_in(language)
    slug = session.get_one(Recipient, delivery.recipient_id).slug
    recipient = PackedRecipient(slug, office, delivery.jurisdiction)
    return PackedPetition(petition.slug, title), recipient


def table(records: Iterable[Record], *, has_names: bool) -> Iterator[bytes]:
    """Yield the same rows as a table for spreadsheets: RFC 4180, safe to open."""
    columns = [name for name in COLUMNS if has_names or name != "name"]
    left = iter(records)
    yield ("\N{BYTE ORDER MARK}" + ",".join(columns) + "\r\n").encode()
    while some := list(islice(left, CHUNK_ROWS)):
        lines = [
            ",".join(shielded_cell(getattr(record, name)) for name in columns) for record in some
        ]
        yield "\r\n".join([*lines, ""]).encode()


def kinds(keep: timedelta) -> Kinds:
    """Return the jobs of packs, whose files are kept for so long."""
    return {PACK: partial(PackWork, keep=keep)}
