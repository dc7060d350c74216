"""Every sealed column of the product, as each part hands it in."""

from collections.abc import Callable
from typing import Any

from petition.arrivals import models as arrivals
from petition.audit import models as audit
from petition.deliveries import models as deliveries
from petition.deliveries.files import models as delivery_files
from petition.deliveries.pack import models as packs
from petition.deliveries.striking import models as striking
from petition.exports import models as exports
from petition.jobs import models as jobs
from petition.letters.letter import models as letters
from petition.links import models as links
from petition.organisers import models as organisers
from petition.outbox import models as outbox
from petition.signatures import models as signatures

Column = tuple[type[Any], str, str, Callable[[Any], str]]
"""A table, its column with the box and that with the key's id, and the context of a row."""

SEALED: tuple[Column, ...] = (
    *signatures.SEALED_COLUMNS,
    *links.SEALED_COLUMNS,
    *exports.SEALED_COLUMNS,
    *deliveries.SEALED_COLUMNS,
    *delivery_files.SEALED_COLUMNS,
    *packs.SEALED_COLUMNS,
    *striking.SEALED_COLUMNS,
    *letters.SEALED_COLUMNS,
    *outbox.SEALED_COLUMNS,
    *organisers.SEALED_COLUMNS,
    *audit.SEALED_COLUMNS,
    *arrivals.SEALED_COLUMNS,
    *jobs.SEALED_COLUMNS,
)
KEY_COLUMNS: frozenset[tuple[str, str]] = frozenset(
    (model.__tablename__, key) for model, _box, key, _context in SEALED
)
"""Table and column of each key's id."""
