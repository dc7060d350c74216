"""The page about delivery packs names whatever stands in one."""

import json
import re

import pytest

from petition.deliveries.pack.archive import MANIFEST, MOST_FILES
from petition.deliveries.pack.verify import FORMAT, PEOPLE, ROWS, TIERS
from tests.architecture.sources import ROOT
from tests.deliveries.pack.packs import packed, unpacked

PAGE = (ROOT / "docs" / "delivery-pack.md").read_text("utf-8")
FILES = unpacked(packed())
SAID = json.loads(FILES[MANIFEST])
RECORD = json.loads(FILES[ROWS].splitlines()[0])["record"]


def test_each_entry_of_a_manifest_is_named_and_no_other() -> None:
    [table] = re.findall(r"## manifest\.json\n(.*?)\n## ", PAGE, re.DOTALL)

    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == sorted(SAID)


@pytest.mark.parametrize(
    "name",
    [
        *(
            *RECORD,
            *PEOPLE,
            *TIERS,
            MANIFEST,
            ROWS,
            "manifest.json.minisig",
            "minisign.pub",
        ),
        *(name for part in ("petition", "recipient", "totals", "tree") for name in SAID[part]),
        *(name for name in SAID["texts"][0]),
    ],
)
def test_each_name_in_a_pack_is_explained(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_bounds_are_true() -> None:
    assert f"its format {FORMAT}," in PAGE
    assert f"at most {MOST_FILES} files" in PAGE
