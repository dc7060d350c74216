"""Markdown of organisers becomes HTML that cannot harm a reader."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.petitions.markdown import TAGS, to_html
from tests.grounds.naughty import texts
from tests.grounds.pages import parse

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))",
    '[x](//evil.example/"onmouseover=alert(1))',
    "![x](https://evil.example/pixel.gif)",
    '![x](x "onerror=alert(1)")',
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<form action=https://evil.example><input name=a></form>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "`<script>`\n\n```html\n<script>alert(1)</script>\n```",
    "# <b onclick=alert(1)>x",
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    '<a href="https://example.org" onclick=alert(1) target=_blank>x</a>',
)


def harm(html: str) -> list[str]:
    """Return the elements and attributes that no text may have."""
    found = []
    for tag in parse(f"<div id=root>{html}</div>").select("#root *"):
        if tag.name not in TAGS | {"tbody"}:
            found.append(tag.name)
        found += [f"{tag.name} {name}" for name in tag.attrs if name not in ALLOWED]
        address = str(tag.get("href", "https:"))
        if not address.startswith(("https:", "http:", "mailto:")) and ":" in address:
            found.append(address)
    return found


ALLOWED = {"href", "title", "start", "rel", "id", "class"}


@pytest.mark.parametrize("source", ATTACKS)
def test_no_attack_reaches_the_page(source: str) -> None:
    assert harm(str(to_html(source))) == []


@given(st.lists(texts() | st.sampled_from(ATTACKS), max_size=5).map("\n\n".join))
def test_no_text_reaches_the_page_as_anything_else(source: str) -> None:
    assert harm(str(to_html(source))) == []


def test_what_texts_need_is_kept() -> None:
    source = "## Title\n\nA *word*, a **strong** one, a [link](https://example.org/a?b=c&d).\n\n"
    source += "1. one\n2. two\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    page = parse(str(to_html(source)))

    for selector in ("h2", "em", "strong", "ol li", "blockquote", "table td"):
        assert page.select(selector) != [], selector
    link = page.select_one("a")
    assert link is not None
    assert link["href"] == "https://example.org/a?b=c&d"
    assert link["rel"] == ["noopener", "noreferrer"]


def test_many_threads_may_be_the_first_to_render() -> None:
    sources = [f"Text {number} *x*[^a]\n\n- a\n\n[^a]: note" for number in range(200)]
    to_html.cache_clear()
    with ThreadPoolExecutor(16) as pool:
        pages = list(pool.map(to_html, sources))

    assert all(f"<p>Text {number} <em>" in page for number, page in enumerate(pages))


def test_a_footnote_leads_to_its_source_and_back() -> None:
    page = parse(to_html("Counted.[^one]\n\n[^one]: [A report](https://example.org/report)."))
    note = page.select_one("div.footnotes li")

    assert note is not None
    assert page.select_one(f"sup a[href='#{note['id']}']") is not None
    assert note.select_one("a[href='https://example.org/report']") is not None
    back = page.select_one("sup a")
    assert back is not None
    assert note.select_one(f"a[href='#{back['id']}']") is not None


def test_a_note_that_is_named_twice_keeps_its_number_and_no_mark_begins_a_line() -> None:
    html = to_html("One.[^a] Two.[^b] Three.[^a]\n\n[^a]: A.\n[^b]: B.")
    page = parse(html)

    assert [mark.get_text() for mark in page.select("sup a")] == ["[1]", "[2]", "[1]"]
    assert len({str(tag["id"]) for tag in page.select("sup a")}) == 3
    assert html.count("\u2060<sup>") == 3


@pytest.mark.parametrize("name", ["x' onclick='alert(1)", "<b>", '"><script>', "fn1"])
def test_the_name_of_a_footnote_reaches_no_attribute(name: str) -> None:
    html = to_html(f"Counted.[^{name}]\n\n[^{name}]: A source.")

    assert harm(html) == []
    assert {str(tag["id"]) for tag in parse(html).select("[id]")} <= {"fn1", "fnref1"}
