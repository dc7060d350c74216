"""Which signature each record of a pack was: their numbers alone, in the order of the records.

So whoever withdraws after the hand-over can be struck from what was handed over. A million take
about two megabytes.
"""

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, pairwise

from sqlalchemy import insert, select

from petition.core.log import log
from petition.core.storage.database import rows_of, session
from petition.deliveries.pack.models import DeliveryPackHeld

CHUNK = 50_000
_held = rows_of(DeliveryPackHeld)


def keep(pack_id: int, signatures: Sequence[int]) -> None:
    """Keep the numbers of the signatures in a pack, ascending, as its records are. No commit."""
    chunks = [signatures[at : at + CHUNK] for at in range(0, len(signatures), CHUNK)]
    rows = [
        {
            "pack_id": pack_id,
            "before": number * CHUNK,
            "first": chunk[0],
            "last": chunk[-1],
            "content": _packed(chunk),
        }
        for number, chunk in enumerate(chunks)
    ]
    if rows:
        session.execute(insert(_held), rows)


def places(pack_id: int, signatures: Collection[int]) -> dict[int, int]:
    """Return the number of the record, from 1, of each of these signatures that is in a pack."""
    wanted, found = sorted(set(signatures)), dict[int, int]()
    if not wanted:
        return found
    its = _held.c.pack_id == pack_id, _held.c.last >= wanted[0], _held.c.first <= wanted[-1]
    for chunk in session.execute(select(_held).where(*its).order_by(_held.c.before)):
        start, end = bisect_left(wanted, chunk.first), bisect_left(wanted, chunk.last + 1)
        if start < end:
            found |= dict(_found(wanted[start:end], _unpacked(chunk.content), chunk.before))
    return found


def records_in(packs: Collection[int], signature: int) -> dict[int, int | None]:
    """Return the number of a signature's record in each of these packs that holds it.

    None where what is kept of a pack is broken, so that nobody can tell.
    """
    its = _held.c.pack_id.in_(packs), _held.c.first <= signature, _held.c.last >= signature
    found = dict[int, int | None]()
    for chunk in session.execute(select(_held).where(*its)):
        try:
            numbers = _unpacked(chunk.content)
        except (zlib.error, ValueError) as fault:
            log.error("what is kept of a pack is broken", exc_info=fault)
            found[chunk.pack_id] = None
            continue
        for _one, record in _found([signature], numbers, chunk.before):
            found[chunk.pack_id] = record
    return found


def _found(wanted: Sequence[int], held: Sequence[int], before: int) -> Iterator[tuple[int, int]]:
    for number in wanted:
        at = bisect_left(held, number)
        if at < len(held) and held[at] == number:
            yield number, before + at + 1


def _packed(numbers: Sequence[int]) -> bytes:
    """Return numbers as the steps from each to the next, which are small and alike."""
    steps = array("Q", [numbers[0], *(following - one for one, following in pairwise(numbers))])
    return zlib.compress(_big_endian(steps).tobytes())


def _unpacked(content: bytes) -> list[int]:
    steps = array("Q", zlib.decompress(content))
    return list(accumulate(_big_endian(steps)))


def _big_endian(steps: "array[int]") -> "array[int]":
    """Turn the octets of each around, where this machine writes the last one first."""
    if sys.byteorder == "little":
        steps.byteswap()
    return steps
