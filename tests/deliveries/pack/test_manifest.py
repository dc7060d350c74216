"""A manifest is written in one way, and read only where it is written so."""

from collections.abc import Callable
from typing import Any

import pytest

from petition.deliveries.pack.archive import LARGEST_HEAD, MANIFEST
from petition.deliveries.pack.manifest import Manifest, ManifestRefused, Profile
from petition.deliveries.pack.records import Tier
from petition.deliveries.pack.verify import PEOPLE, TIERS, canonical
from tests.deliveries.pack.packs import contents, packed, unpacked, with_manifest

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def octets() -> bytes:
    """A manifest."""
    return unpacked(packed())[MANIFEST]


def test_it_is_read_as_it_was_written(octets: bytes) -> None:
    manifest = Manifest.from_bytes(octets)

    assert manifest.to_bytes() == octets
    assert (manifest.profile, manifest.tier) == (Profile.MINISTER, Tier.NAMES)
    assert manifest.cut_off == contents().cut_off
    assert manifest.totals.countries == {"GB": 3, "CA": 2, "FR": 2}
    assert manifest.totals.weeks == {"2026-W45": 3, "2026-W46": 4}
    assert [(text.language, text.signatures) for text in manifest.texts] == [("en", 5), ("fr", 2)]


def test_the_tiers_are_those_of_the_verifier() -> None:
    assert tuple(Tier) == TIERS
    assert len(PEOPLE) == len(TIERS) - 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: said.update(format=2), "has format 2; this verifier knows 1 alone"),
        (lambda said: said.pop("tree"), "“tree” is missing"),
        (lambda said: said["tree"].pop("root"), "manifest.json: tree: “root” is missing"),
        (lambda said: said.update(email="a"), "“email” is no name that can stand here"),
        (lambda said: said["files"].update({"../x": {}}), "“../x” is no name"),
        (lambda said: said["files"].update({"/etc/passwd": {}}), "“/etc/passwd” is no name"),
        (lambda said: said["files"].update({"a/../x": {}}), "“a/../x” is no name"),
        (lambda said: said["files"].update({"a\\x": {}}), "is no name"),
        (lambda said: said["tree"].update(size=-1), "a whole number"),
        (lambda said: said["tree"].update(size=True), "a whole number"),
        (lambda said: said["tree"].update(size=7.0), "a whole number"),
        (lambda said: said["tree"].update(size=1 << 60), "a whole number"),
        (lambda said: said["tree"].update(root="g" * 64), "cannot stand here"),
        (lambda said: said.update(texts={}), "a list"),
        (lambda said: said.update(texts=[3]), "several entries"),
        (lambda said: said["petition"].update(title="a" * 501), "a text"),
        (lambda said: said["petition"].update(title=""), "a text"),
        (lambda said: said["totals"]["countries"].update(Atlantis=1), "is no name"),
        (lambda said: said.update(tier="everything"), "not in the form"),
        (lambda said: said.update(cut_off="yesterday"), "not in the form"),
    ],
)
def test_another_form_is_refused_in_words(change: Change, words: str, octets: bytes) -> None:
    changed = with_manifest({MANIFEST: octets}, change)[MANIFEST]
    with pytest.raises(ManifestRefused, match=r"manifest\.json|The pack") as refused:
        Manifest.from_bytes(changed)

    assert words in str(refused.value)


@pytest.mark.parametrize(
    "other",
    [
        lambda octets: octets.replace(b'"format":1', b'"format":1,"format":1'),
        lambda octets: octets.replace(b'"format":1', b'"format": 1'),
        lambda octets: octets.rstrip(b"\n"),
        lambda octets: octets + b"\n",
        lambda octets: b"\xef\xbb\xbf" + octets,
        lambda octets: octets.decode().encode("utf-16"),
        lambda octets: octets[:-2],
        lambda _: b"",
        lambda _: b"[]\n",
        lambda _: b"null\n",
        lambda _: b"[" * 100_000,
        lambda _: b'{"format":1e400}\n',
        lambda _: canonical({"format": 1}) + b"\n",
        lambda _: b" " * (LARGEST_HEAD + 1),
    ],
)
def test_other_bytes_are_refused(other: Callable[[bytes], bytes], octets: bytes) -> None:
    with pytest.raises(ManifestRefused):
        Manifest.from_bytes(other(octets))
