"""A visitor checks a pack in a real Chromium, and is told in words what was found out."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from petition.core.keyring import sealing
from petition.core.memory import forget_everything
from petition.deliveries.pack.keys import signing_key
from petition.deliveries.pack.verify import ROWS
from tests.browser.conftest import Shoot
from tests.deliveries.pack.packs import (
    KEY,
    contents,
    packed,
    repacked,
    unpacked,
    with_manifest,
)
from tests.deliveries.pack.tampering import (
    FILES,
    LINES,
    PACK,
    bomb,
)
from tests.deliveries.pack.zips import on_a_mac, zip_of
from tests.grounds.accessibility import violations
from tests.grounds.browsing import NewPage
from tests.grounds.install import Install

pytestmark = pytest.mark.browser

WHOLE = "The pack is whole, and comes from the holder of the key "
REFUSED = "Do not rely on this pack."
THREE_GIB = 3 << 30
STATES = """(checks) => checks.map((one) => [
    one.querySelector(".checks__name").firstChild.textContent.trim(),
    one.querySelector("[data-state]:not([hidden])").textContent.trim(),
])"""


@pytest.fixture
def page(install: Install, new_page: NewPage) -> Page:
    """Somebody who has opened the page."""
    opened = new_page()
    opened.goto(f"{install.url}/en/deliveries/verify")
    return opened


def choose(page: Page, octets: bytes | Path, *, key: str = "") -> None:
    """Choose a pack, and have it checked; under another key where one is given."""
    if isinstance(octets, Path):
        page.get_by_label("The pack", exact=True).set_input_files(octets)
    else:
        chosen = {"name": "pack.zip", "mimeType": "application/zip", "buffer": octets}
        page.get_by_label("The pack", exact=True).set_input_files(chosen)  # type: ignore[arg-type]
    if key:
        page.get_by_text("It comes from another site").click()
        page.get_by_label("The public key of that site").fill(key)
    page.get_by_role("button", name="Check the pack").click()


def states(page: Page) -> dict[str, str]:
    """Return what is said of each check, by its name."""
    return dict(page.locator("[data-check]").evaluate_all(STATES))


def test_a_pack_of_this_site_holds_and_the_page_says_what_is_in_it(
    page: Page, shoot: Shoot
) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.method))
    choose(page, packed(contents(), signing_key()))

    expect(page.get_by_text(WHOLE)).to_be_visible()
    expect(page.locator("[data-part=result]")).to_be_focused()
    assert set(states(page).values()) == {"Holds"}
    facts = page.locator("[data-part=facts]").inner_text()
    for fact in ("Close the gap", "Foreign Secretary (GB)", "30 November 2026", "12:00 UTC"):
        assert fact in facts
    assert signing_key().public.shown_id in facts
    assert set(requested) == {"GET"}, "nothing is uploaded"
    assert violations(page) == []
    shoot(page, "verifying-whole-en")


def test_with_the_page_open_packs_are_checked_without_a_network(page: Page, tmp_path: Path) -> None:
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    choose(page, packed(contents(), signing_key()))
    expect(page.get_by_text(WHOLE)).to_be_visible()

    with_a_long_file(tmp_path / "pack.zip")
    choose(page, tmp_path / "pack.zip")
    page.get_by_role("button", name="Stop").click()
    choose(page, packed(contents(), signing_key()))
    expect(page.get_by_text(WHOLE)).to_be_visible()


def test_a_pack_that_was_tampered_with_says_which_check_fails(page: Page, shoot: Shoot) -> None:
    choose(page, repacked({**FILES, ROWS: b"".join(LINES[:-1])}), key=KEY.public.line)

    expect(page.get_by_role("alert").filter(has_text=REFUSED)).to_be_visible()
    assert states(page) == {
        "The ZIP": "Holds",
        "The signature": "Holds",
        "The files": "Fails",
        "The rows": "Fails",
        "The totals": "Not looked at",
        "The texts": "Holds",
    }
    expect(page.get_by_text(f"{ROWS} has 6 rows, and the manifest says 7.")).to_be_visible()
    expect(page.locator("[data-part=facts]")).to_be_hidden()
    assert violations(page) == []
    shoot(page, "verifying-refused-en")


def test_a_pack_of_another_site_needs_its_key(page: Page) -> None:
    choose(page, PACK)
    ours, theirs = signing_key().public, KEY.public
    expect(
        page.get_by_text(
            f"It is signed under another key ({theirs.shown_id}), not {ours.shown_id}."
        )
    ).to_be_visible()

    choose(page, PACK, key=theirs.file.decode())
    expect(page.get_by_text(WHOLE)).to_be_visible()
    expect(page.get_by_text(REFUSED)).to_be_hidden()


def test_what_is_no_key_and_no_file_is_said_beside_the_field(page: Page) -> None:
    page.get_by_text("It comes from another site").click()
    page.get_by_label("The public key of that site").fill("RWQ no key")
    page.get_by_role("button", name="Check the pack").click()

    expect(page.get_by_text("Choose the pack first.")).to_be_visible()
    expect(page.get_by_label("The pack", exact=True)).to_be_focused()
    expect(page.get_by_text("That is no public key of minisign")).to_be_visible()
    assert violations(page) == []


def test_a_bomb_and_a_file_that_is_too_large_are_refused_at_once(
    page: Page, tmp_path: Path
) -> None:
    choose(page, bomb(), key=KEY.public.line)
    expect(page.get_by_text("The manifest does not name the file bomb.txt")).to_be_visible()
    with (tmp_path / "pack.zip").open("w+b") as stream:
        os.truncate(stream.fileno(), THREE_GIB)  # it takes no room
        stream.seek(0, os.SEEK_END)
        stream.write(PACK[-22:])
    choose(page, tmp_path / "pack.zip")
    expect(page.get_by_text("The pack has 2 GiB or more")).to_be_visible()
    expect(page.get_by_text(REFUSED)).to_be_visible()


def test_a_pack_that_was_packed_anew_holds_and_its_day_is_said_as_in_its_letter(
    new_page: NewPage, install: Install
) -> None:
    days = {
        "en": "1 December 2026 (UTC)",
        "fr": "1er décembre 2026 (UTC)",
        "es": "1 de diciembre de 2026 (UTC)",
        "ar": "1 ديسمبر 2026 (UTC)",
        "ru": "1 декабря 2026 г. (UTC)",
    }
    cut_off = datetime(2026, 12, 2, tzinfo=UTC)
    files = unpacked(packed(contents(cut_off=cut_off), signing_key()))
    octets = zip_of(on_a_mac(files))
    for lang, day in days.items():
        page = new_page()
        page.goto(f"{install.url}/{lang}/deliveries/verify")
        chosen = {"name": "pack.zip", "mimeType": "application/zip", "buffer": octets}
        page.locator("#pack").set_input_files(chosen)  # type: ignore[arg-type]
        page.locator("form[data-keys] button").click()
        expect(page.locator("[data-verdict=whole]")).to_contain_text(signing_key().public.shown_id)
        assert page.locator("[data-part=left] li").all_inner_texts() == [
            "Delivery 12 (1)/.DS_Store",
            "__MACOSX/._Delivery 12 (1)",
            "__MACOSX/Delivery 12 (1)/._manifest.json",
        ]
        said = page.locator("[data-fact=cut_off]").inner_text()
        assert " ".join(said.split()) == day


def with_a_long_file(path: Path) -> None:
    """Write a pack that takes a while: its first file has a gibibyte of nothing."""
    size = 1 << 30

    def name_it(said: dict[str, Any]) -> None:
        said["files"]["a.bin"] = {"size": size, "sha256": "0" * 64}

    files = {**with_manifest(FILES, name_it, signing_key()), "a.bin": b""}
    octets = repacked(files)
    header, directory = octets.rindex(b"PK\3\4"), octets.index(b"PK\1\2")
    entry = octets.rindex(b"PK\1\2")
    with path.open("w+b") as stream:
        stream.write(octets[: header + 18] + size.to_bytes(4, "little") * 2)
        stream.write(octets[header + 26 : directory])
        stream.seek(size, os.SEEK_CUR)
        stream.write(octets[directory : entry + 20] + size.to_bytes(4, "little") * 2)
        at = int.from_bytes(octets[-6:-2], "little") + size
        stream.write(octets[entry + 28 : -6] + at.to_bytes(4, "little") + b"\0\0")


def test_a_long_check_says_how_far_it_is_and_can_be_stopped(page: Page, tmp_path: Path) -> None:
    with_a_long_file(tmp_path / "pack.zip")
    choose(page, tmp_path / "pack.zip")

    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    expect(page.get_by_text("Reading a.bin: ")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Check the pack")).to_be_visible()
    expect(page.locator("[data-part=result]")).to_be_hidden()
    choose(page, packed(contents(), signing_key()))
    expect(page.get_by_text(WHOLE)).to_be_visible()


def test_a_file_that_changes_meanwhile_is_to_be_chosen_again(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(PACK)
    page.get_by_label("The pack", exact=True).set_input_files(path)
    path.write_bytes(PACK + b"more")
    os.utime(path, (0, 0))
    page.get_by_role("button", name="Check the pack").click()

    expect(page.get_by_text("Your browser could not check the pack")).to_be_visible()
    expect(page.locator("[data-part=result]")).to_be_hidden()


@pytest.mark.parametrize(
    ("without", "words"),
    [
        (
            "Object.defineProperty(window, 'isSecureContext', {value: false})",
            "encrypted pages only",
        ),
        (
            "crypto.subtle.importKey = () => Promise.reject(new Error('unknown'))",
            "Your browser does not know such signatures (Ed25519)",
        ),
    ],
)
def test_a_browser_that_cannot_says_which_of_the_other_two_to_use(
    install: Install, new_page: NewPage, without: str, words: str
) -> None:
    page = new_page()
    page.add_init_script(without)
    page.goto(f"{install.url}/en/deliveries/verify")

    expect(page.get_by_text(words)).to_be_visible()
    ways = page.get_by_text("one of the two other ways below").filter(visible=True)
    expect(ways).to_have_count(1)
    expect(page.get_by_role("button", name="Check the pack")).to_be_hidden()


def test_without_a_script_the_other_ways_are_there(install: Install, new_page: NewPage) -> None:
    page = new_page(js=False)
    page.goto(f"{install.url}/en/deliveries/verify")

    expect(page.get_by_text("This needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Check the pack")).to_be_hidden()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download verify.py").click()
    assert taken.value.path().read_bytes() == FILES["verify.py"]


@pytest.mark.parametrize("lang", ["fr", "es", "ar", "ru"])
def test_each_language_has_its_words_for_what_was_found(
    install: Install, new_page: NewPage, shoot: Shoot, lang: str
) -> None:
    page = new_page(phone=True)
    page.goto(f"{install.url}/{lang}/deliveries/verify")
    chosen = {"name": "pack.zip", "mimeType": "application/zip", "buffer": PACK}
    page.locator("#pack").set_input_files(chosen)  # type: ignore[arg-type]
    page.locator("form[data-keys] button").click()

    expect(page.locator("[data-verdict=refused]")).to_be_visible()
    fault = page.locator(".checks__faults:visible li").inner_text()
    assert KEY.public.shown_id in fault
    assert signing_key().public.shown_id in fault
    assert "signed under" not in fault
    assert "{" not in fault
    assert violations(page) == []
    shoot(page, f"verifying-refused-{lang}-phone")


def test_under_a_key_of_ours_that_was_replaced_it_says_who_may_rely_on_it(page: Page) -> None:
    octets = packed(contents(), signing_key())
    sealing.key_file().replace(sealing.keys().with_new_delivery_key())
    forget_everything()
    page.reload()
    choose(page, octets)

    expect(page.get_by_text("The pack is whole, but its key was replaced")).to_be_visible()
    expect(page.get_by_text(WHOLE)).to_be_hidden()
