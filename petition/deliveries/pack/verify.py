"""Check a delivery pack, in a terminal: “python3 verify.py PACK.zip --key RW…”.

PACK.zip may have been packed anew, or be the folder in which it was unpacked. The key is the public
key of whoever delivers, from their own site: a forger would put another into the pack. Take this
verify.py too from there: a forger's says yes. It needs Python 3.10 and, for the signature, the
library cryptography (“python3 -m pip install cryptography”); it asks no other machine. It sees to
the signature (minisign, Ed25519) under manifest.json, which names each file and text; to the files,
and that there are no others; and to signatures.jsonl: each row is in its place, and says no more
than its tier allows; their totals; the root of their tree (RFC 6962: a leaf is a row's salt, then
its record). Ends with 0: all holds, under your key; 1: something does not; 2: no key was given, or
there is no library to check the signature with, or no file to read.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from petition.deliveries.pack.archive import (
    CHANGED,
    DAMAGED,
    MANIFEST,
    NO_FORM,
    Files,
    Refused,
    in_folder,
    in_zip,
    lines,
    small,
)

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    HAS_LIBRARY = False
else:
    HAS_LIBRARY = True

SIGNATURE = "manifest.json.minisig"
FORMAT, ROWS, COMMENT = 1, "signatures.jsonl", "signature from petition"
OTHER = f"{MANIFEST} says more, less or something else than manifests do."
ANYBODY = "Whole, BUT ANYBODY MAY HAVE MADE IT: the key lay in it. Give the sender's by --key."
NO_LIBRARY = (
    "Whole, BUT WHO SIGNED IT WAS NOT CHECKED: install the library first (python3 -m pip "
    "install cryptography), or use the sender's page /deliveries/verify instead."
)
JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
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


class Findings:
    """What was found out about a pack, why that does not suffice, and under which key it is."""

    def __init__(self) -> None:
        self.key_id, self.doubt = b"", ""
        self.holds, self.fails, self.left = list[str](), list[str](), list[str]()

    @property
    def status(self) -> int:
        """0 where all holds, 1 where something does not, 2 where that does not suffice."""
        return 1 if self.fails else 2 if self.doubt else 0

    def lines(self) -> list[str]:
        """Return in words what holds and what does not."""
        whole = (
            f"The pack is whole, and comes from the holder of the key {shown(self.key_id)}: see "
            "that the sender's page /deliveries/verify and the cover letter name the same."
        )
        end = "Do not rely on this pack." if self.fails else self.doubt or whole
        said = [f"holds: {one}" for one in self.holds] + [f"FAILS: {one}" for one in self.fails]
        said += [f"left out unread: {name!r}" for name in self.left]
        return [re.sub(r"[^ -~]", "?", one) for one in [*said, end]]


def check(pack: BinaryIO | Path, trusted: Mapping[bytes, bytes]) -> Findings:
    """Check a pack, or its folder, under trusted keys by their ids; without any, under its own."""
    found = Findings()
    try:
        files, found.left = in_folder(pack) if isinstance(pack, Path) else in_zip(pack)
        manifest, text = small(files, MANIFEST), small(files, SIGNATURE)
        keys = trusted or dict([public_key(read_manifest(manifest)["key"])])
        found.key_id = require_signature(manifest, text, keys)
        found.doubt = NO_LIBRARY if not HAS_LIBRARY else "" if trusted else ANYBODY
        if HAS_LIBRARY:
            found.holds.append(f"The manifest is signed under the key {shown(found.key_id)}.")
        said = read_manifest(manifest)
        found.fails += _faults(files, said) if re.fullmatch(FORM, manifest.decode()) else [OTHER]
        if not found.fails:
            totals = f"{said['totals']['signatures']} signatures up to {said['cut_off']}"
            found.holds.append(f"It has {totals}, and all files that were packed with them.")
            found.holds.append(f"The root of the tree over the rows is {said['tree']['root']}.")
    except (Refused, *NO_FORM) as fault:
        unclear = "It is damaged, or is no delivery pack: it has not the form of one."
        found.fails.append(str(fault) if isinstance(fault, Refused) else unclear)
    return found


def _faults(files: Files, said: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the files, the manifest and its signature left out."""
    packed, named = {*files} - {MANIFEST, SIGNATURE}, {ROWS, *said["files"]}
    yield from (f"The manifest does not name the file {name}." for name in sorted(packed - named))
    yield from (f"The file {name} is missing." for name in sorted(named - packed))
    for name in sorted(packed & named):
        (size, pieces), digest, measured = files[name], hashlib.sha256(), None
        left = hashed(pieces(), digest)
        try:
            try:
                if name == ROWS:
                    require_rows(left, said)
            except Refused as fault:
                yield str(fault)
            for _rest in left:  # a fault may have left some
                pass
            measured = {"size": size, "sha256": digest.hexdigest()}
        except DAMAGED:
            pass  # then it is none that was measured
        if canonical(measured) != canonical(said["files"].get(name, {})):
            yield f"The file {name} was changed: its size or its SHA-256 is another."
    texts = sorted((text_name(text), text["sha256"]) for text in said["texts"])
    if texts != [(n, f["sha256"]) for n, f in said["files"].items() if n.startswith("texts/")]:
        yield "The texts in the pack are not those that the manifest says were signed."


def hashed(pieces: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    """Yield pieces as they are, once a digest has them."""
    for piece in pieces:
        digest.update(piece)
        yield piece


def text_name(text: Mapping[str, Any]) -> str:
    """Return the name of the file that holds a text which people signed."""
    return f"texts/{text['language']}-{text['version']}.txt"


def require_rows(pieces: Iterable[bytes], said: dict[str, Any]) -> None:
    """See that the rows have the totals and the root that the manifest names. Raises Refused."""
    tree, totals = Tree(), {name: Counter[str]() for name in ("countries", "weeks", "texts")}
    for row in lines(pieces):
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
    except ValueError:
        raise Refused(CHANGED) from None
    key_id, signature = octets[2:10], octets[10:]
    if signature_text(key_id, signature, trusted, both).encode() != text:
        raise Refused(f"{SIGNATURE} is not written as signatures of a manifest are.")
    if key_id not in keys:
        expected = " or ".join(map(shown, keys))
        raise Refused(f"It is signed under another key ({shown(key_id)}), not {expected}.")
    if HAS_LIBRARY:
        try:
            key = Ed25519PublicKey.from_public_bytes(keys[key_id])
            key.verify(signature, signed)
            key.verify(both, signature + trusted.encode())
        except (InvalidSignature, ValueError):
            raise Refused(CHANGED) from None
    return key_id


def main() -> int:
    """Check the pack that the command line names."""
    asked = argparse.ArgumentParser(description="Check a delivery pack.")
    asked.add_argument("pack", metavar="PACK.zip", type=Path, help="or its folder")
    asked.add_argument("--key", help="the sender's public key, which begins with RW")
    given = asked.parse_args()
    if not (key := given.key) and sys.stdin.isatty():
        print("The sender's public key, if you have it: ", end="", flush=True)
        key = sys.stdin.readline().strip()
    try:
        trusted = dict([public_key(key)]) if key else {}
        if given.pack.is_dir():
            found = check(given.pack, trusted)
        else:
            with given.pack.open("rb") as pack:
                found = check(pack, trusted)
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
