"""In a real Chromium, the page refuses each pack that verify.py refuses, and in its words."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from petition.deliveries.pack.verify import ROWS, SIGNATURE
from tests.browser.test_verifying import choose, states
from tests.deliveries.pack.ill_packed import ILL_PACKED
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
    odd_manifests,
    signed_in_other_numbers,
    with_rows,
)
from tests.deliveries.pack.zips import changed, entries_of, repacked_by_others
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
FLIPS = """async ({key, pack, places}) => {
    const folder = document.querySelector('script[src*="checking-"]').src.replace("page.js", "");
    const from = (name) => import(folder + name);
    const {check} = await from("check.js");
    const {publicKey} = await from("minisign.js");
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
    for (const at of places) await note(flipped(at), at);
    return {holds, codes};
}"""

SHARES = """async ({key, pack}) => {
    const folder = document.querySelector('script[src*="checking-"]').src.replace("page.js", "");
    const from = (name) => import(folder + name);
    const {check} = await from("check.js");
    const {publicKey} = await from("minisign.js");
    const octets = Uint8Array.from(atob(pack), (one) => one.charCodeAt(0));
    const shares = [];
    const tell = (name, share) => shares.push(share);
    await check(new File([octets], "pack.zip"), [publicKey(key)], tell);
    return shares;
}"""

UNREADABLE = """async (name) => {
    const folder = document.querySelector('script[src*="checking-"]').src.replace("page.js", "");
    const {Archive} = await import(folder + "archive.js");
    const archive = await Archive.opened(document.querySelector("#pack").files[0]);
    await goesBad();
    try {
        await archive.small(name);
    } catch (fault) {
        return fault.name;
    }
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
    yield from (octets for octets, _words in ILL_PACKED.values())


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


def test_what_two_programs_might_read_differently_is_refused_by_both(page: Page) -> None:
    packs = [as_text(one) for one in [*odd_manifests(), signed_in_other_numbers()]]
    found = page.evaluate(SCRIPTS, {"key": KEY.public.line, "packs": packs})

    assert [is_refused for is_refused, _faults in found] == [True] * len(packs)


def test_a_whole_pack_holds_however_it_was_packed_anew(page: Page) -> None:
    packs = [as_text(one) for one in repacked_by_others(FILES).values()]
    found = page.evaluate(SCRIPTS, {"key": KEY.public.line, "packs": packs})

    assert found == [[False, []]] * len(packs)


@pytest.mark.parametrize("octets", [PACK, repacked_by_others(FILES)["compressed"]])
def test_of_any_pack_it_says_how_far_it_is_up_to_its_end(page: Page, octets: bytes) -> None:
    shares = page.evaluate(SHARES, {"key": KEY.public.line, "pack": as_text(octets)})

    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == 1


def test_of_rows_that_cannot_be_unpacked_to_their_end_it_says_that_they_were_not_looked_at(
    page: Page,
) -> None:
    [rows] = [one for one in entries_of(FILES) if one.name == ROWS.encode()]
    half = rows.content[: len(rows.content) // 2]
    choose(page, changed(entries_of(FILES), ROWS, packed=half), key=KEY.public.line)

    expect(page.get_by_text(f"The file {ROWS} was changed")).to_be_visible()
    assert states(page) == {
        "The ZIP": "Holds",
        "The signature": "Holds",
        "The files": "Fails",
        "The rows": "Not looked at",
        "The totals": "Not looked at",
        "The texts": "Holds",
    }


@pytest.mark.parametrize("packed_by", ["compressed", "not compressed"])
def test_what_can_no_longer_be_read_is_not_taken_for_what_was_forged(
    page: Page, tmp_path: Path, packed_by: str
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(repacked_by_others(FILES)[packed_by])
    page.get_by_label("The pack", exact=True).set_input_files(path)
    page.expose_function("goesBad", lambda: path.unlink())

    assert page.evaluate(UNREADABLE, "cover.pdf") in ("NotReadableError", "NotFoundError")


def test_every_octet_of_the_manifest_counts_and_of_what_only_the_zip_needs_as_in_the_program(
    page: Page,
) -> None:
    manifest, directory = len(FILES["manifest.json"]), PACK.index(b"PK\1\2")
    end = 30 + len("manifest.json") + manifest + 30 + len(SIGNATURE) + len(FILES[SIGNATURE])
    places = [*range(end), *range(directory, len(PACK))]
    given = {"key": KEY.public.line, "pack": as_text(PACK), "places": places}
    found = page.evaluate(FLIPS, given)

    assert found["holds"] == [at for at in places if look(flipped(at)).status == 0]
    assert len(found["holds"]) < 200, "when files were written, and by which system"
    assert found["codes"]["broken"] > manifest / 4, "the signature is looked at, not the ZIP alone"
    said = page.locator("template[data-words]").evaluate(
        "(words) => [...words.content.querySelectorAll('[data-word]')].map(one => one.dataset.word)"
    )
    assert found["codes"].keys() <= set(said)


def flipped(at: int) -> bytes:
    """Return the pack with one bit changed, the same as in the page."""
    changed = bytearray(PACK)
    changed[at] ^= 1 << at % 8
    return bytes(changed)
