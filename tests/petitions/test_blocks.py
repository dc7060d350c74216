"""Texts as blocks: nothing that the page says is lost on paper."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from petition.petitions.blocks import to_blocks
from petition.petitions.markdown import to_html
from tests.grounds.naughty import texts
from tests.grounds.pages import parse
from tests.petitions.test_markdown import ATTACKS


def said(value: Any) -> str:
    """Return the words of blocks, addresses left out, without spaces."""
    if isinstance(value, list):
        return "".join(map(said, value))
    if isinstance(value, dict):
        return "".join(
            said(value[key]) for key in ("text", "spans", "blocks", "items", "rows") if key in value
        )
    return "".join(str(value).split())


def addresses(value: Any) -> list[str]:
    """Return the addresses shown, wherever they stand."""
    if isinstance(value, list):
        return [address for one in value for address in addresses(one)]
    if isinstance(value, dict):
        own = [value["href"]] if "href" in value else []
        return own + [address for one in value.values() for address in addresses(one)]
    return []


def test_blocks_keep_their_kind_and_their_order() -> None:
    source = "## Title\n\nA *word*\n\n3. one\n   - deep\n4. two\n\n> said\n\n"
    source += "|a|b|\n|-|-|\n|1|2|\n\n---\n"
    blocks = to_blocks(source)

    assert [block["kind"] for block in blocks] == [
        "heading", "paragraph", "list", "quote", "table", "rule",
    ]  # fmt: skip
    assert blocks[2]["start"] == 3
    assert [part["kind"] for part in blocks[2]["items"][0]] == ["paragraph", "list"]
    assert blocks[1]["spans"][1] == {"kind": "text", "text": "word", "marks": ["em"]}


def test_a_link_shows_its_address_unless_it_is_its_own() -> None:
    source = (
        "[words](https://a.example/b) <https://c.example> <d@e.example> [f](mailto:f@e.example)"
    )

    assert addresses(to_blocks(source)) == ["https://a.example/b", "mailto:f@e.example"]


def test_footnotes_have_their_marks_and_stand_at_the_end() -> None:
    said_first, rule, notes = to_blocks("A word.[^a] More.[^b]\n\n[^b]: Two\n[^a]: One")

    marks = [span["text"] for span in said_first["spans"] if span["marks"] == ["sup"]]
    assert (marks, rule["kind"], notes["start"]) == (["[1]", "[2]"], "rule", 1)
    assert [said(note) for note in notes["items"]] == ["One", "Two"]


def test_an_address_that_the_page_leaves_out_is_left_out_on_paper() -> None:
    assert (
        addresses(to_blocks("[a](ftp://x.example) [b](/c) [d](javascript:e) ![f](https://g.h)"))
        == []
    )


@given(st.lists(texts() | st.sampled_from(ATTACKS), max_size=5).map("\n\n".join))
def test_the_paper_says_what_the_page_says(source: str) -> None:
    page = parse(f"<div id=root>{to_html(source)}</div>").select_one("#root")
    assert page is not None

    assert said(to_blocks(source)) == "".join(page.get_text().split())
