"""Check a delivery pack, in a terminal: “python3 verify.py PACK.zip --key RW…”.

The key is the public key of whoever delivers, from their own site: a forger would put another into
the pack. Take verify.py too from there, or from a pack that you have checked: a forger's says yes.
It needs Python 3.10 and “pip install cryptography”, asks no other machine, and sees to the ZIP (no
byte besides its files'), to the signature (minisign, Ed25519) under manifest.json, which names each
file and text, and to signatures.jsonl: each row is in its place, and says no more than its tier
allows; their totals; the root of their tree (RFC 6962: a leaf is a row's salt, then its record).
Ends with 0: all holds, under your key; 1: something does not; 2: no key given, or no file to read.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import struct
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, Any, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MANIFEST, SIGNATURE = HEAD = ("manifest.json", "manifest.json.minisig")
FORMAT, ROWS, COMMENT = 1, "signatures.jsonl", "signature from petition"
OTHER = f"{MANIFEST} says more, less or something else than manifests do."
JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
NAME = re.compile(r"([A-Za-z0-9_-]{1,50}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MOST_FILES, LARGEST_PACK, LARGEST_HEAD, PIECE = 300, (1 << 31) - 1, 1 << 20, 1 << 16
ZIP_END = struct.Struct("<4s4H2LH")
NO_FORM = (AttributeError, KeyError, RuntimeError, TypeError, ValueError, struct.error)
FORM = (
    r'{"cut_off":T,"files":{(T:{"sha256":T,"size":N},?)+},"format":1,"key":T,"petition":{"slug":T,'
    r'"title":T},"profile":T,"recipient":{"jurisdiction":T,"office":T,"slug":T},"software":T,'
    r'"texts":\[({"language":T,"sha256":T,"signatures":N,"version":N},?)*\],"tier":T,"totals":'
    r'{"countries":{(T:N,?)*},"signatures":N,"weeks":{(T:N,?)*}},"tree":{"root":T,"size":N}}\n'
).translate({ord("N"): "[0-9]+", ord("T"): r'"[^"\\]*(\\.[^"\\]*)*"'})
RECORD = re.compile(
    rb'{"country":"[A-Z]{2}","language":"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?",'
    rb'"number":[0-9]+,"version":[0-9]+,"week":"[0-9]{4}-W[0-5][0-9]"}'
)
PEOPLE, TIERS = ("name", "locality", "address"), ("counts", "names", "localities", "addresses")


class Refused(Exception):
    """Something does not hold; the message says what, in words for people."""


class Findings:
    """What was found out about a pack, whether its key did not come with it, and which it is."""

    def __init__(self, *, has_origin: bool) -> None:
        self.has_origin, self.key_id = has_origin, b""
        self.holds, self.fails = list[str](), list[str]()

    @property
    def status(self) -> int:
        """0 where all holds, 1 where something does not, 2 where anybody may have packed it."""
        return 1 if self.fails else 0 if self.has_origin else 2

    def lines(self) -> list[str]:
        """Return in words what holds and what does not."""
        ends = (
            "The pack is whole, and comes from the holder of that key.",
            "Do not rely on this pack.",
            "Whole, BUT ANYBODY MAY HAVE MADE IT: the key lay in it. Give the sender's by --key.",
        )
        said = [f"holds: {one}" for one in self.holds] + [f"FAILS: {one}" for one in self.fails]
        return [re.sub(r"[^ -~]", "?", one) for one in [*said, ends[self.status]]]


def check(pack: BinaryIO, trusted: Mapping[bytes, bytes]) -> Findings:
    """Check a pack under keys that are trusted, by their ids; without any, under its own key."""
    found = Findings(has_origin=bool(trusted))
    try:
        archive = opened(pack)
        manifest, text = (archive.open(name).read(LARGEST_HEAD) for name in HEAD)
        said = read_manifest(manifest)
        found.key_id = require_signature(manifest, text, trusted or dict([public_key(said["key"])]))
        found.holds.append(f"The manifest is signed under the key {shown(found.key_id)}.")
        found.fails += _faults(archive, said) if re.fullmatch(FORM, manifest.decode()) else [OTHER]
        if not found.fails:
            totals = f"{said['totals']['signatures']} signatures up to {said['cut_off']}"
            found.holds.append(f"It has {totals}, and all files that were packed with them.")
            found.holds.append(f"The root of the tree over the rows is {said['tree']['root']}.")
    except (Refused, BadZipFile, EOFError, *NO_FORM) as fault:
        unclear = "It is damaged, or is no delivery pack: it has not the form of one."
        found.fails.append(str(fault) if isinstance(fault, Refused) else unclear)
    return found


def _faults(archive: ZipFile, said: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the files, the manifest and its signature left out."""
    packed, named = {*archive.namelist()} - {MANIFEST, SIGNATURE}, {ROWS, *said["files"]}
    yield from (f"The manifest does not name the file {name}." for name in sorted(packed - named))
    yield from (f"The file {name} is missing." for name in sorted(named - packed))
    for name in sorted(packed & named):
        digest = hashlib.sha256()
        with archive.open(name) as stream:
            try:
                if name == ROWS:
                    require_rows(stream, digest, said)
            except Refused as fault:
                yield str(fault)
            while piece := stream.read(PIECE):
                digest.update(piece)
        measured = {"size": archive.getinfo(name).file_size, "sha256": digest.hexdigest()}
        if canonical(measured) != canonical(said["files"].get(name)):
            yield f"The file {name} was changed: its size or its SHA-256 is another."
    texts = sorted((text_name(text), text["sha256"]) for text in said["texts"])
    if texts != [(n, f["sha256"]) for n, f in said["files"].items() if n.startswith("texts/")]:
        yield "The texts in the pack are not those that the manifest says were signed."


def text_name(text: Mapping[str, Any]) -> str:
    """Return the name of the file that holds a text which people signed."""
    return f"texts/{text['language']}-{text['version']}.txt"


def require_rows(stream: IO[bytes], digest: Any, said: dict[str, Any]) -> None:
    """See that the rows have the totals and the root that the manifest names. Raises Refused."""
    tree, totals = Tree(), {name: Counter[str]() for name in ("countries", "weeks", "texts")}
    while row := stream.readline(PIECE):
        digest.update(row)
        record, leaf = read_row(row, said["tier"], tree.size + 1)
        tree.add(leaf)
        totals["countries"][record["country"]] += 1
        totals["weeks"][record["week"]] += 1
        totals["texts"][text_name(record)] += 1
    if tree.size != (number := said["totals"]["signatures"]):
        raise Refused(f"{ROWS} has {tree.size} rows, and the manifest says {number}.")
    if canonical({"size": tree.size, "root": tree.root().hex()}) != canonical(said["tree"]):
        raise Refused("The rows are not those that were packed, in their order: the root differs.")
    texts = {"texts": {text_name(t): t["signatures"] for t in said["texts"]}}
    if canonical({"signatures": tree.size, **totals}) != canonical(texts | said["totals"]):
        raise Refused("The totals by country, week or text are not those of the rows.")


def read_row(row: bytes, tier: str, number: int) -> tuple[dict[str, Any], bytes]:
    """Read a row: return its record, and its leaf in the tree. Raises Refused."""
    try:
        said = json.loads(row)
        record, salt = said["record"], bytes.fromhex(said["salt"])
        people = PEOPLE[: TIERS.index(tier)]  # in each tier one more, from none on
        rest = {n: v for n, v in record.items() if n not in people or type(v) is not str}
        written = canonical({"record": record, "salt": salt.hex()}) + b"\n"
        if written != row or len(salt) != 32 or not RECORD.fullmatch(canonical(rest)):
            raise Refused(f"Row {number} of {ROWS} says more than its tier, or is not in the form.")
        if record["number"] != number:
            raise Refused(f"Row {number} of {ROWS} is out of its place.")
    except NO_FORM:
        raise Refused(f"Row {number} of {ROWS} is not in the form that rows have.") from None
    return record, salt + canonical(record)


class Tree:
    """The root of a tree of leaves that come one after the other (RFC 6962, 2.1)."""

    def __init__(self) -> None:
        self.size, self._complete = 0, list[bytes]()

    def add(self, leaf: bytes) -> None:
        """Add the next leaf: two complete trees of one size make one of twice the size."""
        node, size = hash_of(b"\0", leaf), self.size
        while size & 1:
            node, size = hash_of(b"\1", self._complete.pop(), node), size >> 1
        self._complete.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the hash that stands for all leaves in their order."""
        *larger, root = self._complete or [hash_of()]
        for left in reversed(larger):
            root = hash_of(b"\1", left, root)
        return root


def hash_of(*parts: bytes) -> bytes:
    """Return the SHA-256 of parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def opened(pack: BinaryIO) -> ZipFile:
    """Open a pack, and account for every byte of it that is not in a file. Raises Refused."""
    if not pack.seekable():
        raise OSError("The pack has to be a file: what comes through a pipe cannot be checked.")
    size = pack.seek(0, 2)
    pack.seek(max(size - 42, 0))  # where the end of a ZIP is that has no comment and is not large
    end = pack.read(42).rjust(42)
    if end[20:24] != b"PK\5\6" or end[:4] == b"PK\6\7" or end[34:36] != b"\0\0":
        raise Refused("This is no pack: it is no ZIP, is cut off, or goes on after its end.")
    if size > LARGEST_PACK:
        raise Refused("The pack has 2 GiB or more: no pack is so large.")
    archive, at, directory = ZipFile(pack), 0, b""
    for one in (files := archive.infolist()):
        name = one.orig_filename
        if not NAME.fullmatch(name) or archive.NameToInfo.get(name) is not one:
            raise Refused(f"The pack has a file {name!r} twice, or outside of it.")
        header, entry = zip_parts(name, one.file_size, one.CRC, at)
        pack.seek(at)
        if pack.read(len(header)) != header or one.header_offset != at:
            raise Refused(f"The file {name} is compressed, or not where it is in a pack.")
        at, directory = at + len(header) + one.file_size, directory + entry
    pack.seek(at)
    rest = directory + ZIP_END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(directory), at, 0)
    if pack.read(len(rest) + 1) != rest:
        raise Refused("The pack has something besides its files, or they are not ordinary ones.")
    return archive


def zip_parts(name: str, size: int, crc: int, at: int) -> tuple[bytes, bytes]:
    """Return what a ZIP has before a file, and in its directory, where it is not compressed."""
    plain = ZipInfo(name)
    plain.CRC, plain.file_size, plain.compress_size = crc, size, size
    header, place = plain.FileHeader(), struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, at)
    return header, b"PK\1\2\x14\3" + header[4:30] + place + header[30:]


def canonical(value: Any) -> bytes:
    """Return the one way to write a value in JSON: UTF-8, names in order, and no blanks."""
    return JSON.encode(value).encode()


def read_manifest(octets: bytes) -> dict[str, Any]:
    """Read a manifest: of the format that is known here, and canonical. Raises Refused."""
    said: dict[str, Any] = json.loads(octets)
    if said["format"] != FORMAT or type(said["format"]) is not int:
        raise Refused(f"The pack has format {said['format']}; this verifier knows {FORMAT} alone.")
    if canonical(said) + b"\n" != octets:
        raise Refused(f"{MANIFEST} is not written as manifests are, or has a name twice.")
    return said


def public_key(text: str) -> tuple[bytes, bytes]:
    """Read a public key as minisign writes it: return its id and its bytes. Raises Refused."""
    if not re.fullmatch("RW[Q-T][A-Za-z0-9+/]{53}", line := (text.split() or [""])[-1]):
        raise Refused("That is no public key of minisign: it begins with RW and has 56 characters.")
    octets = base64.b64decode(line)
    return octets[2:10], octets[10:]


def shown(key_id: bytes) -> str:
    """Return the id of a key as minisign shows it."""
    return key_id[::-1].hex().upper()


def signature_text(key_id: bytes, signature: bytes, trusted: str, both: bytes) -> str:
    """Return a signature as minisign writes it, of a file that is not hashed first."""
    first, last = (base64.b64encode(one).decode() for one in (b"Ed" + key_id + signature, both))
    return f"untrusted comment: {COMMENT}\n{first}\ntrusted comment: {trusted}\n{last}\n"


def require_signature(signed: bytes, text: bytes, keys: Mapping[bytes, bytes]) -> bytes:
    """See that a manifest is signed under one of these keys; return its id. Raises Refused."""
    try:
        _, first, trusted, last, _ = re.split("\n(?:trusted comment: )?", text.decode())
        octets, both = base64.b64decode(first), base64.b64decode(last)
        key_id, signature = octets[2:10], octets[10:]
        if signature_text(key_id, signature, trusted, both).encode() != text:
            raise Refused(f"{SIGNATURE} is not written as signatures of a manifest are.")
        if key_id not in keys:
            expected = " or ".join(map(shown, keys))
            raise Refused(f"It is signed under another key ({shown(key_id)}), not {expected}.")
        key = Ed25519PublicKey.from_public_bytes(keys[key_id])
        key.verify(signature, signed)
        key.verify(both, signature + trusted.encode())
    except (InvalidSignature, ValueError):
        raise Refused(f"{MANIFEST} or its signature was changed: they do not belong.") from None
    return key_id


def main() -> int:
    """Check the pack that the command line names."""
    asked = argparse.ArgumentParser(description="Check a delivery pack.")
    asked.add_argument("pack", metavar="PACK.zip")
    asked.add_argument("--key", help="the sender's public key, which begins with RW")
    given = asked.parse_args()
    if not (key := given.key) and sys.stdin.isatty():
        print("The sender's public key, if you have it: ", end="", flush=True)
        key = sys.stdin.readline().strip()
    try:
        with open(given.pack, "rb") as pack:
            found = check(pack, dict([public_key(key)]) if key else {})
    except (OSError, Refused) as reason:
        print(reason)
        return 2
    try:
        print("\n".join(found.lines()), flush=True)
    except OSError:  # nobody reads it: the status says it too
        os._exit(found.status)
    return found.status


if __name__ == "__main__":
    sys.exit(main())
