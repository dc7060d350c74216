"""The page about a campaign's folder names every key that is read, and no other table."""

import ast
import re

import pytest

from tests.architecture.sources import PRODUCT, ROOT

PAGE = (ROOT / "docs" / "campaign-folder.md").read_text("utf-8")
READERS = {
    *("need", "get", "choice", "choice_or", "tables", "by_language", "strings", "address"),
    *("mailbox", "instant", "day", "zone", "beside", "file_beside", "text", "optional_text"),
    "country",
}
LOADERS = (
    *("campaigns/loading", "campaigns/event_loading", "gaps/loading", "petitions/loading"),
    *("letters/campaigns/loading", "recipients/loading"),
)
IN_AN_ENTRY = {"date", "is_pseudonym", "key_points", "file", "language"}
"""Parts of an entry that the sample shows; the page names the table they stand in."""


def keys() -> set[str]:
    """Return every key that a loader reads from a file."""
    sources = [(PRODUCT / f"{name}.py").read_text("utf-8") for name in LOADERS]
    return {
        node.args[0].value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READERS
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


@pytest.mark.parametrize("key", sorted(keys() - IN_AN_ENTRY))
def test_every_key_that_is_read_is_named(key: str) -> None:
    assert re.search(rf"\b{key}\b", PAGE)


@pytest.mark.parametrize("key", sorted(set(re.findall(r"\[\[(?:[\w<>]+\.)*(\w+)\]\]", PAGE))))
def test_every_table_that_is_named_is_read(key: str) -> None:
    assert key in keys()
