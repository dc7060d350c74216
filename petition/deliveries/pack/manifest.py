"""What a pack says about itself, and is signed for: manifest.json."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from petition.core.errors import DomainError
from petition.deliveries.pack.archive import (
    LARGEST_HEAD,
    MANIFEST,
    MOST_FILES,
    NAME,
    NO_FORM,
    Refused,
)
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.verify import FORMAT, canonical, read_manifest

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
COUNTRY, WEEK = re.compile(r"[A-Z]{2}"), re.compile(r"[0-9]{4}-W[0-9]{2}")
SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_ENTRIES = 2_000
LARGEST_NUMBER = 1 << 53
LONGEST_TEXT = 500


class ManifestRefused(DomainError):
    """A manifest is not in its form; the message says why."""


class Profile(StrEnum):
    """For whom a pack is made."""

    MINISTER = "minister"
    UK_PAPER = "uk-paper"
    CANADA_PAPER = "canada-paper"
    EUROPEAN_PARLIAMENT = "european-parliament"


@dataclass(frozen=True, slots=True)
class PackedPetition:
    """Which petition it is about."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class PackedRecipient:
    """To whom it is handed."""

    slug: str
    office: str
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class PackedText:
    """A text that people signed; its file is texts/<language>-<version>.txt."""

    language: str
    version: int
    sha256: str
    signatures: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How many signatures there are."""

    signatures: int
    countries: Mapping[str, int]
    weeks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What stands for all rows in their order."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file as it was packed."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of a pack."""

    petition: PackedPetition
    recipient: PackedRecipient
    profile: Profile
    tier: Tier
    cut_off: datetime
    """What was confirmed later is not in it. To the second, in UTC."""
    texts: tuple[PackedText, ...]
    totals: Totals
    tree: TreeHead
    files: Mapping[str, PackedFile]
    """Every file but the manifest and its signature, by its name."""
    key: str
    """The public key under which it is signed: by itself it proves no origin."""
    software: str

    def to_bytes(self) -> bytes:
        """Return manifest.json: the same bytes for the same content."""
        moment = self.cut_off.astimezone(UTC).strftime(MOMENT)
        return canonical({**asdict(self), "cut_off": moment, "format": FORMAT}) + b"\n"

    @classmethod
    def from_bytes(cls, octets: bytes) -> "Manifest":
        """Read manifest.json. Raises ManifestRefused."""
        if len(octets) > LARGEST_HEAD:
            raise ManifestRefused(f"{MANIFEST} is too large.")
        try:
            said = read_manifest(octets)
            require_shape(said, SHAPE, MANIFEST)
            cut_off = datetime.strptime(said["cut_off"], MOMENT).replace(tzinfo=UTC)
            profile, tier = Profile(said["profile"]), Tier(said["tier"])
        except Refused as reason:
            raise ManifestRefused(str(reason)) from None
        except NO_FORM:
            raise ManifestRefused(f"{MANIFEST} is not in the form that manifests have.") from None
        return cls(
            petition=PackedPetition(**said["petition"]),
            recipient=PackedRecipient(**said["recipient"]),
            profile=profile,
            tier=tier,
            cut_off=cut_off,
            texts=tuple(PackedText(**text) for text in said["texts"]),
            totals=Totals(**said["totals"]),
            tree=TreeHead(**said["tree"]),
            files={name: PackedFile(**file) for name, file in said["files"].items()},
            key=said["key"],
            software=said["software"],
        )


SHAPE: Mapping[Any, Any] = {
    "petition": {"slug": str, "title": str},
    "recipient": {"slug": str, "office": str, "jurisdiction": COUNTRY},
    "profile": str,
    "tier": str,
    "cut_off": str,
    "texts": [{"language": str, "version": int, "sha256": SHA256, "signatures": int}],
    "totals": {"signatures": int, "countries": {COUNTRY: int}, "weeks": {WEEK: int}},
    "tree": {"size": int, "root": SHA256},
    "files": {NAME: {"size": int, "sha256": SHA256}},
    "key": str,
    "software": str,
    "format": int,
}
"""What stands in a manifest, and nothing else. A pattern as a key is for any such keys."""


def require_shape(value: Any, shape: Any, where: str) -> None:
    """See that a value has this shape. Raises ManifestRefused."""
    if isinstance(shape, dict):
        _require_names(value, shape, where)
        pattern = next((key for key in shape if isinstance(key, re.Pattern)), None)
        for name, part in value.items():
            require_shape(part, shape[pattern or name], f"{where}: {name}")
    elif isinstance(shape, list):
        if not isinstance(value, list) or len(value) > MOST_FILES:
            raise ManifestRefused(f"{where}: here stands a list.")
        for part in value:
            require_shape(part, shape[0], where)
    elif shape is int:
        if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
            raise ManifestRefused(f"{where}: here stands a whole number.")
    elif not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
        raise ManifestRefused(f"{where}: here stands a text.")
    elif isinstance(shape, re.Pattern) and not shape.fullmatch(value):
        raise ManifestRefused(f"{where}: “{value[:80]}” cannot stand here.")


def _require_names(value: Any, shape: Mapping[Any, Any], where: str) -> None:
    if not isinstance(value, dict) or len(value) > MOST_ENTRIES:
        raise ManifestRefused(f"{where}: here stand several entries.")
    patterns = [key for key in shape if isinstance(key, re.Pattern)]
    unfit = [n for n in value if not (patterns[0].fullmatch(n) if patterns else n in shape)]
    if unfit:
        raise ManifestRefused(f"{where}: “{unfit[0][:80]}” is no name that can stand here.")
    missing = [key for key in shape if not patterns and key not in value]
    if missing:
        raise ManifestRefused(f"{where}: “{missing[0]}” is missing.")
