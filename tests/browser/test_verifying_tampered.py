"""In a real Chromium, the page refuses each pack that verify.py refuses, and in its words."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from petition.deliveries.pack.verify import SIGNATURE
from tests.deliveries.pack.packs import (
    KEY,
    OTHER_KEY,
    contents,
    look,
    packed,
    repacked,
    unpacked,
    with_manifest,
)
from tests.deliveries.pack.tampering import (
    FILES,
    LINES,
    MANIFEST_CHANGES,
    NO_PACKS,
    ODD_ROWS,
    PACK,
    ROW_TAMPERINGS,
    UNFIT,
    as_measured,
    with_rows,
)
from tests.grounds.browsing import NewPage
from tests.grounds.install import Install

pytestmark = pytest.mark.browser

OTHER_IN_PYTHON = (b'"format":true', b'"format":1.0', b":7.0", b":9.0")
"""What JavaScript does not tell from 1, 7 and 9, or spells otherwise: the words differ."""
SCRIPTS = """async ({key, packs}) => {
    const folder = document.querySelector('script[src*="checking-"]').src.replace("page.js", "");
    const from = (name) => import(folder + name);
    const {check} = await from("check.js");
    const {publicKey} = await from("minisign.js");
    const {hideFindings, showFindings} = await from("shown.js");
    const said = [];
    for (const pack of packs) {
        const octets = Uint8Array.from(atob(pack), (one) => one.charCodeAt(0));
        hideFindings();
        showFindings(await check(new File([octets], "pack.zip"), [publicKey(key)]), false);
        const refused = document.querySelector('[data-verdict="refused"]');
        const faults = [...document.querySelectorAll(".checks__faults li")];
        said.push([!refused.hidden, faults.map((one) => one.textContent)]);
    }
    return said;
}"""
FLIPS = """async ({key, pack, files, rest}) => {
    const folder = document.querySelector('script[src*="checking-"]').src.replace("page.js", "");
    const from = (name) => import(folder + name);
    const {check} = await from("check.js");
    const {publicKey} = await from("minisign.js");
    const {crc32} = await from("crc32.js");
    const octets = Uint8Array.from(atob(pack), (one) => one.charCodeAt(0));
    const holds = [], codes = {};
    const note = async (changed, at) => {
        const {fails} = await check(new File([changed], "pack.zip"), [publicKey(key)]);
        if (!fails.length) holds.push(at);
        for (const {code} of fails) codes[code] = (codes[code] ?? 0) + 1;
    };
    const flipped = (at) => {
        const changed = octets.slice();
        changed[at] ^= 1 << at % 8;
        return changed;
    };
    for (const {begin, end, sums} of files) {
        for (let at = begin; at < end; at += 1) {
            const changed = flipped(at);
            const sum = crc32(changed.subarray(begin, end));
            for (const place of sums) new DataView(changed.buffer).setUint32(place, sum, true);
            await note(changed, at);
        }
    }
    for (const at of rest) await note(flipped(at), at);
    return {holds, codes};
}"""


@pytest.fixture
def page(install: Install, new_page: NewPage) -> Page:
    """Somebody who has opened the page."""
    opened = new_page()
    opened.goto(f"{install.url}/en/deliveries/verify")
    return opened


def tampered() -> Iterator[bytes]:
    """Yield each pack that somebody has tampered with."""
    for tampering in ROW_TAMPERINGS.values():
        files = tampering()
        yield repacked(files)
        yield repacked({**as_measured(files), SIGNATURE: files[SIGNATURE]})
        yield repacked(as_measured(files))
    for change, _words in MANIFEST_CHANGES:
        yield repacked(with_manifest(FILES, change))
    for row in ODD_ROWS:
        yield repacked(as_measured(with_rows(row, *LINES[1:])))
    for fit, unfit in UNFIT:
        yield repacked(as_measured(with_rows(LINES[0].replace(fit, unfit), *LINES[1:])))
    for made, _words in NO_PACKS.values():
        yield made()
    for name in ("texts/en-2.txt", "cover.pdf", "minisign.pub", "verify.py"):
        yield repacked({**FILES, name: FILES["texts/fr-2.txt"]})
        yield repacked({one: FILES[one] for one in FILES if one != name})
    older = unpacked(packed(contents(5)))
    yield repacked({**FILES, **{name: older[name] for name in ("manifest.json", SIGNATURE)}})
    yield packed(key=OTHER_KEY)


def as_text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def test_whatever_the_program_refuses_the_page_refuses_in_the_same_words(page: Page) -> None:
    packs = list(tampered())
    given = {"key": KEY.public.line, "packs": [as_text(one) for one in [PACK, *packs]]}
    (is_refused, faults), *found = page.evaluate(SCRIPTS, given)

    assert (is_refused, faults) == (False, [])
    for octets, (is_refused, faults) in zip(packs, found, strict=True):
        fails = [one.replace("'", "").replace("\\\\", "\\") for one in look(octets).fails]
        assert is_refused, fails
        if not any(one in octets for one in OTHER_IN_PYTHON):
            assert sorted(faults) == sorted(fails)


def test_every_octet_of_the_manifest_and_of_what_only_the_zip_needs_counts(page: Page) -> None:
    manifest, signature = len(FILES["manifest.json"]), len(FILES[SIGNATURE])
    begin, directory = 30 + len("manifest.json"), PACK.index(b"PK\1\2")
    next_begin = begin + manifest + 30 + len(SIGNATURE)
    sums = [14, directory + 16]
    next_sums = [begin + manifest + 14, directory + 46 + len("manifest.json") + 16]
    given = {
        "key": KEY.public.line,
        "pack": as_text(PACK),
        "files": [
            {"begin": begin, "end": begin + manifest, "sums": sums},
            {"begin": next_begin, "end": next_begin + signature, "sums": next_sums},
        ],
        "rest": [*range(begin), *range(directory, len(PACK))],
    }
    found = page.evaluate(FLIPS, given)

    assert found["holds"] == []
    assert found["codes"]["broken"] > manifest / 4, "the signature is looked at, not the ZIP alone"
    said = page.locator("template[data-words]").evaluate(
        "(words) => [...words.content.querySelectorAll('[data-word]')].map(one => one.dataset.word)"
    )
    assert found["codes"].keys() <= set(said)
