"""Packs as a worker would make them, and as somebody would who tampers with them."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from petition.deliveries.pack.archive import MANIFEST
from petition.deliveries.pack.manifest import PackedPetition, PackedRecipient, Profile
from petition.deliveries.pack.minisign import SecretKey, comment_on
from petition.deliveries.pack.packing import Contents, SignedText, of_bytes, pack, zipped
from petition.deliveries.pack.records import Record, Tier
from petition.deliveries.pack.verify import SIGNATURE, Findings, canonical, check

Files = dict[str, bytes]

KEY = SecretKey(bytes(range(32)), bytes(range(1, 9)))
"""That of formats.md's vectors."""
OTHER_KEY = SecretKey(bytes(range(1, 33)), bytes(range(2, 10)))
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
NAMES = ("Nadia Sample", "李小龙", 'Ana "\\" \u2028 Ñandú', None)
COUNTRIES = ("GB", "CA", "GB", "FR")


def record(number: int, **changes: Any) -> Record:
    """Return a record; each number has its own."""
    made = Record(
        number=number,
        country=COUNTRIES[number % 4],
        language="en" if number % 3 else "fr",
        version=2,
        week=f"2026-W4{5 + number % 2}",
        name=NAMES[number % 4],
        locality="SW1A",
    )
    return replace(made, **changes)


def contents(count: int = 7, **changes: Any) -> Contents:
    """Return what goes into a small pack."""
    made = Contents(
        petition=PackedPetition("close-the-gap", "Close the gap: “act”"),
        recipient=PackedRecipient("gb-foreign-secretary", "Foreign Secretary", "GB"),
        profile=Profile.MINISTER,
        tier=Tier.NAMES,
        cut_off=datetime(2026, 11, 30, 12, tzinfo=UTC),
        software="petition 0.1.0",
        records=lambda: map(record, range(1, count + 1)),
        texts=[SignedText("en", 2, "We ask you to act.\n"), SignedText("fr", 2, "Agissez.\n")],
        files={"cover.pdf": lambda: [b"%PDF-", b"1.7\n"]},
        secret=b"s" * 32,
    )
    return replace(made, **changes)


def packed(made: Contents | None = None, key: SecretKey = KEY) -> bytes:
    """Return a pack."""
    return b"".join(pack(made or contents(), key, AT))


def unpacked(octets: bytes) -> Files:
    """Return the files of a pack, as any other program reads them."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(files: Files | Sequence[tuple[str, bytes]]) -> bytes:
    """Return a ZIP written as packs are, of other files."""
    each: Iterable[tuple[str, bytes]] = files.items() if isinstance(files, dict) else files
    return b"".join(zipped([of_bytes(name, octets) for name, octets in each]))


def with_manifest(
    files: Files, change: Callable[[dict[str, Any]], object], key: SecretKey | None = KEY
) -> Files:
    """Return files whose manifest was changed; signed anew where there is a key."""
    said = json.loads(files[MANIFEST])
    change(said)
    octets = canonical(said) + b"\n"
    if key is None:
        return {**files, MANIFEST: octets}
    return {**files, MANIFEST: octets, SIGNATURE: key.sign(octets, comment_on(MANIFEST, AT))}


def look(octets: bytes, *keys: SecretKey) -> Findings:
    """Check a pack under these keys; under ours where none is named."""
    trusted = [key.public for key in keys or (KEY,)]
    return check(io.BytesIO(octets), {key.key_id: key.octets for key in trusted})
