"""Packs that somebody has tampered with, and what only looks like a pack."""

import base64
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from petition.deliveries.pack import verify
from petition.deliveries.pack.archive import MANIFEST
from petition.deliveries.pack.minisign import comment_on
from petition.deliveries.pack.verify import ROWS, SIGNATURE, signature_text
from tests.deliveries.pack.packs import AT, KEY, Files, packed, repacked, unpacked, with_manifest

PACK = packed()
FILES = unpacked(PACK)
LINES = FILES[ROWS].splitlines(keepends=True)
OTHER = f"{MANIFEST} says more, less or something else than manifests do."
TWO_GIB = 1 << 31
ED25519_ORDER = (1 << 252) + 27742317777372353535851937790883648493


def with_rows(*lines: bytes) -> Files:
    return {**FILES, ROWS: b"".join(lines)}


def as_measured(files: Files) -> Files:
    """Return files with a manifest, signed under our key, that names their sizes and hashes."""

    def measure(said: dict[str, Any]) -> None:
        for name in said["files"]:
            octets = files[name]
            sha256 = verify.hash_of(octets).hex()
            said["files"][name] = {"size": len(octets), "sha256": sha256}

    return with_manifest(files, measure)


ROW_TAMPERINGS = {
    "one is added": lambda: with_rows(*LINES, LINES[-1].replace(b'"number":7', b'"number":8')),
    "one is dropped from the end": lambda: with_rows(*LINES[:-1]),
    "one is dropped from the middle": lambda: with_rows(*LINES[:3], *LINES[4:]),
    "one is there twice": lambda: with_rows(*LINES[:3], *LINES[2:]),
    "one is swapped with the first": lambda: with_rows(*LINES[1:], LINES[0]),
    "a letter of a name is changed": lambda: {
        **FILES,
        ROWS: FILES[ROWS].replace("李小龙".encode(), "李小农".encode(), 1),
    },
    "a country is changed": lambda: {**FILES, ROWS: FILES[ROWS].replace(b'"CA"', b'"US"', 1)},
    "a salt is changed": lambda: {**FILES, ROWS: FILES[ROWS].replace(b'"salt":"', b'"salt":"0', 1)},
    "two change places": lambda: with_rows(LINES[1], LINES[0], *LINES[2:]),
    "two change places and numbers": lambda: with_rows(
        LINES[1].replace(b'"number":2', b'"number":1'),
        LINES[0].replace(b'"number":1', b'"number":2'),
        *LINES[2:],
    ),
    "all are gone": lambda: with_rows(),
}


def hide_in_totals(said: dict[str, Any]) -> None:
    """Give the counts of the texts in another place too, and something else where they belong."""
    counts = {f"texts/{t['language']}-{t['version']}.txt": t["signatures"] for t in said["texts"]}
    said["totals"]["texts"] = counts
    said["texts"][0]["signatures"] = 9


MANIFEST_CHANGES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda said: said["totals"].update(signatures=8), "has 7 rows, and the manifest says 8"),
    (lambda said: said["tree"].update(size=8), "the root differs"),
    (lambda said: said["tree"].update(root="0" * 64), "the root differs"),
    (lambda said: said["totals"]["countries"].update(GB=4), "The totals by country, week"),
    (lambda said: said["totals"]["countries"].update(US=0), "The totals by country, week"),
    (lambda said: said["totals"]["weeks"].clear(), "The totals by country, week"),
    (lambda said: said["texts"][0].update(signatures=9), "The totals by country, week"),
    (lambda said: said["texts"][0].update(sha256="0" * 64), "The texts in the pack are not"),
    (lambda said: said["texts"].pop(), "The texts in the pack are not"),
    (lambda said: said["texts"].append(said["texts"][0] | {"version": 3}), "The texts in the"),
    (lambda said: said.update(tier="counts"), "says more than its tier"),
    (lambda said: said["files"].pop("cover.pdf"), "does not name the file cover.pdf"),
    (lambda said: said["files"].pop(ROWS), f"The file {ROWS} was changed"),
    (lambda said: said.update(format=2), "has format 2"),
    (lambda said: said.update(format=True), "has format True"),
    (lambda said: said.update(format=1.0), "has format 1.0"),
    (lambda said: said.pop("totals"), OTHER),
    (lambda said: said.update(extra={"email": "jane@example.org"}), OTHER),
    (lambda said: said["petition"].update(email="jane@example.org"), OTHER),
    (lambda said: said["petition"].update(title=["jane@example.org"]), OTHER),
    (lambda said: said["petition"].pop("title"), OTHER),
    (lambda said: said["recipient"].update(email="jane@example.org"), OTHER),
    (lambda said: said["recipient"].update(office=None), OTHER),
    (lambda said: said.update(recipient="jane@example.org"), OTHER),
    (lambda said: said.update(software={"email": "jane@example.org"}), OTHER),
    (lambda said: said.update(profile=["jane@example.org"]), OTHER),
    (lambda said: said.update(cut_off={}), OTHER),
    (lambda said: said.update(key=0), OTHER),
    (lambda said: said.update(files=[]), OTHER),
    (lambda said: said["totals"].update(signatures=7.0), OTHER),
    (lambda said: said["totals"].update(email=0), OTHER),
    (hide_in_totals, OTHER),
    (lambda said: said["texts"][0].update(email=0), OTHER),
    (lambda said: said["texts"].insert(0, said["texts"][0] | {"email": 0}), OTHER),
    (lambda said: said["texts"].insert(0, said["texts"][0] | {"signatures": 9}), "The texts"),
    (lambda said: said["texts"][0].update(version="2"), OTHER),
    (lambda said: said["tree"].update(size=7.0), OTHER),
    (lambda said: said["tree"].update(email=0), OTHER),
    (lambda said: said["files"]["cover.pdf"].update(size=9.0), OTHER),
    (lambda said: said["files"]["cover.pdf"].update(email=0), OTHER),
]
"""What somebody who signs might have a manifest say, and what is said of it."""

ODD_ROWS = [
    LINES[0].replace(b'"country"', b'"country" '),
    LINES[0].replace(b'{"country":"CA",', b'{"country":"CA","email":"a@example.org",'),
    LINES[0].replace(b'{"country":"CA",', b'{"country":"CA","country":"CA",'),
    LINES[0].replace(b'"week"', b'"locality":"SW1A","week"'),
    LINES[0].replace(b'"country":"CA",', b""),
    LINES[0].replace(b'"salt":"', b'"salt":"00'),
    LINES[0].replace(b'"number":1', b'"number":true'),
    LINES[0].rstrip(b"\n"),
    LINES[0].replace(b"\n", b"\r\n"),
    *(b"\n", b"{}\n", b"[]\n", b"null\n", b"\xff\n", b"\0\n", b'{"record":3,"salt":""}\n'),
    b"[" * 60_000 + b"\n",
    b'"' + b"a" * 200_000 + b'"\n',
]
"""In the place of the first row."""

UNFIT = [
    (b'"country":"CA"', b'"country":"10.0.0.1"'),
    (b'"country":"CA"', b'"country":"ca"'),
    (b'"week":"', b'"week":"jane@example.org 10:31 '),
    (b'"language":"en"', b'"language":"en-jane.doe"'),
    (b'"version":2', b'"version":2.0'),
    (b'"version":2', b'"version":"2"'),
    (b'"number":1', b'"number":true'),
    ('"name":"李小龙"'.encode(), b'"name":["jane@example.org"]'),
    (b'"salt":"', b'"salt":" '),
]
"""What stands in the first row, and what cannot stand there."""


def zipped_by_another(
    *extra: tuple[zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED
) -> bytes:
    """Return the files of a pack in a ZIP that another program wrote, and more files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, octets in FILES.items():
            archive.writestr(zipfile.ZipInfo(name), octets, method)
        for info, octets in extra:
            archive.writestr(info, octets, method)
    return stream.getvalue()


def linked() -> bytes:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    return zipped_by_another((link, b"/etc/passwd"))


def bomb() -> bytes:
    info = zipfile.ZipInfo("bomb.txt")
    return zipped_by_another((info, bytes(200_000_000)), method=zipfile.ZIP_DEFLATED)


def declaring(size: int) -> bytes:
    """Return a pack whose last file says that it has so many bytes, in both places."""
    name = b"verify.py"
    header, entry = PACK.rindex(b"PK\3\4"), PACK.rindex(b"PK\1\2")
    assert PACK[header + 30 :].startswith(name)
    changed = bytearray(PACK)
    for at in (header + 18, entry + 20):
        struct.pack_into("<2L", changed, at, size, size)
    return bytes(changed)


def with_comment() -> bytes:
    return PACK[:-2] + struct.pack("<H", 5) + b"hello"


def large_zip() -> bytes:
    """Return a pack with the other directory that ZIPs of more than 4 GiB have."""
    end, at = PACK[-22:], PACK.index(b"PK\1\2")
    other = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 1 << 40, at)
    place = struct.pack("<4sLQL", b"PK\6\7", 0, len(PACK) - 22, 1)
    return PACK[:-22] + other + place + end


NO_PACKS = {
    "nothing": (lambda: b"", "is no ZIP"),
    "a text": (lambda: b"hello" * 20, "is no ZIP"),
    "only the end of a ZIP": (lambda: PACK[-22:], "is no ZIP"),
    "an empty ZIP": (lambda: b"PK\5\6" + bytes(18), "is no delivery pack"),
    "something before it": (lambda: b"%PDF-1.7\n" + PACK, "more before or after it"),
    "something after it": (lambda: PACK + b"\n", "more before or after it"),
    "a comment": (with_comment, "more before or after it"),
    "two packs": (lambda: PACK + PACK, "more before or after it"),
    "a script before it": (lambda: b"#!/bin/sh\n" + PACK, "more before or after it"),
    "a zip bomb": (bomb, "does not name the file bomb.txt"),
    "a ZIP of more than 4 GiB": (large_zip, "is no ZIP"),
    "2 GiB that it declares": (lambda: declaring(TWO_GIB), "The"),
    "4 GiB that it declares": (lambda: declaring((1 << 32) - 2), "The"),
    "a byte more than it has": (
        lambda: declaring(len(FILES["verify.py"]) + 1),
        "something besides",
    ),
    "a link": (linked, "is packed oddly"),
    "a file that is unknown": (
        lambda: repacked({**FILES, "more.txt": b"more"}),
        "does not name the file more.txt",
    ),
    "a folder above it": (lambda: repacked({**FILES, "../more.txt": b""}), "or outside of it"),
    "the root": (lambda: repacked({**FILES, "/etc/more.txt": b""}), "or outside of it"),
    "a drive": (lambda: repacked({**FILES, "C:\\more.txt": b""}), "or outside of it"),
    "a file twice": (
        lambda: repacked([*FILES.items(), ("cover.pdf", b"other")]),
        "a file 'cover.pdf' twice",
    ),
    "two manifests": (
        lambda: repacked([*FILES.items(), (MANIFEST, FILES[MANIFEST])]),
        f"a file '{MANIFEST}' twice",
    ),
    "no signature": (
        lambda: repacked({name: FILES[name] for name in FILES if name != SIGNATURE}),
        "is no delivery pack",
    ),
    "a manifest of 2 MB": (
        lambda: repacked({**FILES, MANIFEST: b" " * 2_000_000}),
        "is no delivery",
    ),
    "no manifest": (lambda: repacked({"a.txt": b"a"}), "is no delivery pack"),
}


def odd_manifests() -> Iterator[bytes]:
    """Yield packs whose manifest is signed, and is one that programs might read differently."""
    manifest = FILES[MANIFEST]
    for octets in (
        manifest.replace(b'"signatures":7,', b'"signatures":7,"signatures":7,', 1),
        manifest.replace(b'"size":7', b'"size":NaN', 1),
        manifest.replace(b'"size":7', b'"size":1e400', 1),
        manifest.replace(b'"size":7', b'"size":9007199254740993', 1),
        manifest.replace(b'"size":7', b'"size":' + b"7" * 5_000, 1),
        manifest.replace(b'"size":7', b'"size":-0', 1),
        manifest.replace(b'"software":"', b'"software":"\xff', 1),
        manifest.replace(b'"software":"', b'"software":"\\ud800', 1),
        manifest.replace(b'"software":"', b'"software":"\\u0041', 1),
        manifest.replace(b'{"cut_off"', b'{"__proto__":{},"cut_off"', 1),
        b'{"format":' + b"[" * 200_000 + b"]" * 200_000 + b"}\n",
        b"[" * 100_000,
        b"\xef\xbb\xbf" + manifest,
        manifest.decode().encode("utf-16"),
        manifest[:-1],
        manifest + b"\n",
        b"null\n",
    ):
        signature = KEY.sign(octets, comment_on(MANIFEST, AT))
        yield repacked({**FILES, MANIFEST: octets, SIGNATURE: signature})


def signed_in_other_numbers() -> bytes:
    """Return a pack whose signature is ours in larger numbers; minisign makes no such one."""
    comment = comment_on(MANIFEST, AT)
    signature = signature_in(FILES[SIGNATURE])
    larger = int.from_bytes(signature[32:], "little") + ED25519_ORDER
    other = signature[:32] + larger.to_bytes(32, "little")
    both = signature_in(KEY.sign(other + comment.encode(), ""))
    text = signature_text(KEY.key_id, other, comment, both)
    return repacked({**FILES, SIGNATURE: text.encode()})


def signature_in(file: bytes) -> bytes:
    """Return the signature of what was signed, without the id of its key."""
    return base64.b64decode(file.splitlines()[1])[10:]
